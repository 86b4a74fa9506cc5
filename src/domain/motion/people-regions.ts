import type { Box } from './blobs.js';
import { createBlobFinder } from './blobs.js';
import { createDensityFilter } from './density.js';
import type { Region } from './judgement.js';
import type { PixelList } from './pixel-list.js';
import { STANDING_SECONDS } from './presence.js';
import type { Track } from './tracks.js';
import { createTracker } from './tracks.js';

/** A pixel that changes in more of the pictures than this belongs to a region only while it is foreground. */
const CALM_ACTIVITY = 0.2;
/** Of the 5x5 pixels around a pixel, how many have to be set; as for motion. */
const MIN_DENSITY = 8;
/** Part of the least area that a region may shrink to: a person half hidden or half out of the frame. */
const MIN_PART = 0.1;
/** Frames that a track needs, and how many more where the scene moves by itself. */
const MIN_FRAMES = { calm: 2, active: 7 };
/** Share of the width added on each side: at the edges, what is as bright as the background is missing. */
const MARGIN = 0.03;
/** While nothing moves, regions are found anew after this time, not at every picture. */
const REFRESH_SECONDS = 0.5;

/** The state of each pixel: times in seconds, and how often it changes. */
export type PixelState = {
  readonly foreground: PixelList;
  /** The pixels that changed with this picture. */
  readonly changed: PixelList;
  readonly foregroundSince: Float64Array;
  readonly changedAt: Float64Array;
  readonly motionAt: Float64Array;
  readonly activity: Float32Array;
  readonly regionOfInterest: Uint8Array;
};

function markPeople(pixels: PixelState, at: number, movingSince: number, mask: Uint8Array): void {
  const { foreground, changed, foregroundSince, changedAt, motionAt, activity, regionOfInterest } = pixels;
  mask.fill(0);
  for (let i = 0; i < foreground.count; i++) {
    const p = foreground.pixels[i]!;
    const counts = changedAt[p]! >= movingSince || at - motionAt[p]! < STANDING_SECONDS;
    if (counts && regionOfInterest[p] === 1) mask[p] = 1;
  }
  for (let i = 0; i < changed.count; i++) {
    const p = changed.pixels[i]!;
    if (foregroundSince[p] === Infinity && activity[p]! < CALM_ACTIVITY && regionOfInterest[p] === 1) mask[p] = 1;
  }
}

/** The box in shares of the frame, a little larger. */
function regionAround({ left, top, right, bottom }: Box, width: number, height: number): Region {
  const margin = MARGIN * width;
  const x = Math.max(0, left - margin);
  const y = Math.max(0, top - margin);
  const wide = Math.min(width, right + 1 + margin) - x;
  const tall = Math.min(height, bottom + 1 + margin) - y;
  return { x: x / width, y: y / height, width: wide / width, height: tall / height };
}

/**
 * Finds the regions of all people once the room is known to be occupied: who moves, who stands where they moved before, and
 * who was there from the start and moves a little. A region never makes a room occupied, because regions are sought only
 * after motion or presence; so this may accept more than the motion detector does.
 */
export function createRegionFinder(width: number, height: number, minArea: number) {
  const size = width * height;
  const mask = new Uint8Array(size);
  const dense = new Uint8Array(size);
  const filterDensity = createDensityFilter(width, height);
  const finder = createBlobFinder(width, height);
  const tracker = createTracker(width, size);
  let foundAt = -Infinity;

  function findTracks(pixels: PixelState, at: number, movingSince: number): readonly Track[] {
    markPeople(pixels, at, movingSince, mask);
    filterDensity(mask, MIN_DENSITY, dense);
    return tracker.update(finder.find(dense, MIN_PART * minArea), finder.labels, pixels.changedAt, at);
  }

  return {
    /**
     * @param moving the accepted tracks, which are the regions if no others are found; @param last the regions of the picture
     * before; @param movingSince foreground that changed after this moves; @param activityWithin see `createDynamicBackground`
     */
    find(
      pixels: PixelState,
      moving: readonly Box[],
      last: readonly Region[],
      at: number,
      movingSince: number,
      activityWithin: (box: Box) => number,
    ): readonly Region[] {
      if (moving.length === 0 && last.length > 0 && at - foundAt < REFRESH_SECONDS) return last;
      foundAt = at;
      const people = findTracks(pixels, at, movingSince).filter(
        (track) =>
          track.maxArea >= minArea &&
          track.changedFrames >= MIN_FRAMES.calm + MIN_FRAMES.active * activityWithin(track),
      );
      return (people.length > 0 ? people : moving).map((box) => regionAround(box, width, height));
    },
  };
}
