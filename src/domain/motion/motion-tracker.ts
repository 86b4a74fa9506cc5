import { createBlobFinder } from './blobs.js';
import type { ChangeMap } from './change-map.js';
import { createDensityFilter } from './density.js';
import type { ForegroundModel } from './foreground.js';
import type { PixelList } from './pixel-list.js';
import type { Track } from './tracks.js';
import { createTracker } from './tracks.js';

/** Of the 5x5 pixels around a pixel, how many have to move. */
const MIN_DENSITY = 8;

function markMoving(
  foreground: PixelList,
  changedAt: Float64Array,
  movingSince: number,
  regionOfInterest: Uint8Array,
  mask: Uint8Array,
): void {
  const { count, pixels } = foreground;
  mask.fill(0);
  for (let i = 0; i < count; i++) {
    const p = pixels[i]!;
    if (changedAt[p]! >= movingSince && regionOfInterest[p] === 1) mask[p] = 1;
  }
}

/** Follows moving foreground as tracks; blobs below `minArea` pixels are ignored. */
export function createMotionTracker(width: number, height: number, minArea: number, regionOfInterest: Uint8Array) {
  const size = width * height;
  const mask = new Uint8Array(size);
  const moving = new Uint8Array(size);
  const filterDensity = createDensityFilter(width, height);
  const finder = createBlobFinder(width, height);
  const tracker = createTracker(width, size);
  return {
    /** 1 where a pixel is part of moving foreground, else 0. */
    moving,
    /** The label of each pixel's blob, 0 = none. */
    labels: finder.labels,
    tracks: tracker.tracks,
    /** @param movingSince foreground that changed at this time or later moves */
    update(
      { foreground }: ForegroundModel,
      { changedAt }: ChangeMap,
      at: number,
      movingSince: number,
    ): readonly Track[] {
      markMoving(foreground, changedAt, movingSince, regionOfInterest, mask);
      filterDensity(mask, MIN_DENSITY, moving);
      return tracker.update(finder.find(moving, minArea), finder.labels, changedAt, at);
    },
  };
}
