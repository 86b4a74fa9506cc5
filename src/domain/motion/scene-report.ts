import type { LevelledPicture } from './levelled-picture.js';
import { greyLevelOf } from './levelled-picture.js';
import type { TrackReport } from './motion-detector.js';
import type { Track } from './tracks.js';

/** A track as others see it. */
export function reportTrack(track: Track, width: number, height: number, accepted: boolean): TrackReport {
  const { left, top, right, bottom, area, sumX, sumY, changedFrames, travel } = track;
  const box = {
    x: left / width,
    y: top / height,
    width: (right + 1 - left) / width,
    height: (bottom + 1 - top) / height,
  };
  const centre = { x: (sumX / area + 0.5) / width, y: (sumY / area + 0.5) / height };
  return { box, centre, area: area / (width * height), changedFrames, travel, accepted };
}

/** The mean brightness of a picture, in grey levels (0 to 255). */
export function meanGreyLevel({ brightness }: LevelledPicture): number {
  return greyLevelOf(brightness.reduce((sum, value) => sum + value, 0) / brightness.length);
}

/** The area of all tracks, in pixels. */
export function areaOf(tracks: readonly Track[]): number {
  return tracks.reduce((sum, { area }) => sum + area, 0);
}
