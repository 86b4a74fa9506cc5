import type { Blob } from './blobs.js';
import { createBlobFinder } from './blobs.js';
import { createDensityFilter } from './density.js';
import type { FrameContext } from './frame-context.js';
import type { LevelledPicture } from './levelled-picture.js';
import { levelledDifference, UNITS_PER_LEVEL } from './levelled-picture.js';
import { createRunningQuantile } from './running-quantile.js';

/** Breathing and swaying are sought where motion was accepted within this time ... */
const NEAR_MOTION_SECONDS = 20;
/** ... as differences from a picture about a second ago of this many grey levels, and this many times the usual ... */
const MIN_LEVELS = 4;
const TIMES_USUAL = 3.5;
const USUAL_QUANTILE = 0.8;
/** ... in blobs of this share of the frame, at places that are less active than this ... */
const MIN_SHARE = 0.003;
const MAX_ACTIVITY = 0.12;
/** (of the 5x5 pixels around a pixel, this many have to differ) */
const MIN_DENSITY = 6;
/** ... in this share of the pictures of the last seconds. */
const MIN_RATE = 0.3;
const RATE_SECONDS = 4;
/** The rate after accepted motion: small movements that follow count at once. */
const RATE_AFTER_MOTION = 0.5;
/** Seconds in which the usual difference follows. */
const USUAL_SECONDS = { empty: 60, occupied: 20, lasting: 600 };
const START_SECONDS = 10;

function markDifferences(
  now: LevelledPicture,
  then: LevelledPicture,
  usual: Float32Array,
  motionAt: Float64Array,
  activity: Float32Array,
  at: number,
  mask: Uint8Array,
): void {
  const least = MIN_LEVELS * UNITS_PER_LEVEL;
  mask.fill(0);
  for (let p = 0; p < mask.length; p++) {
    const d = Math.abs(now.brightness[p]! - then.brightness[p]!);
    if (d <= least || d <= TIMES_USUAL * usual[p]!) continue;
    if (at - motionAt[p]! >= NEAR_MOTION_SECONDS || activity[p]! >= MAX_ACTIVITY) continue;
    if (levelledDifference(now.brightness[p]!, now.localMean[p]!, then.brightness[p]!, then.localMean[p]!) > least)
      mask[p] = 1;
  }
}

function writeDifferences(now: Uint16Array, then: Uint16Array, first: number, stride: number, into: Uint16Array): void {
  for (let p = first; p < into.length; p += stride) into[p] = Math.abs(now[p]! - then[p]!);
}

/** Finds small movements of a person near the last motion, by comparing with a picture about a second older. */
export function createSmallMovementFinder(width: number, height: number) {
  const size = width * height;
  const usual = createRunningQuantile(size, USUAL_QUANTILE, UNITS_PER_LEVEL, 255 * UNITS_PER_LEVEL);
  const mask = new Uint8Array(size);
  const dense = new Uint8Array(size);
  const difference = new Uint16Array(size);
  const finder = createBlobFinder(width, height);
  const filterDensity = createDensityFilter(width, height);
  let rate = 0;
  let turn = 0;

  return {
    /** Call when motion is accepted. */
    motionAccepted(): void {
      rate = RATE_AFTER_MOTION;
    },
    /** @returns the blobs that differ, and whether there have been enough of them lately to be a person */
    find(
      picture: LevelledPicture,
      older: LevelledPicture,
      motionAt: Float64Array,
      activity: Float32Array,
      { at, seconds }: FrameContext,
    ): { readonly blobs: readonly Blob[]; readonly frequent: boolean } {
      markDifferences(picture, older, usual.estimates, motionAt, activity, at, mask);
      filterDensity(mask, MIN_DENSITY, dense);
      const blobs = finder.find(dense, MIN_SHARE * size);
      rate += (Number(blobs.length > 0) - rate) * Math.min(1, seconds / RATE_SECONDS);
      return { blobs, frequent: blobs.length > 0 && rate >= MIN_RATE };
    },
    /**
     * Learns the usual difference; slowly where `lasting` is 1. After the start every second pixel is updated, for twice
     * the time: the same in the long run at half the cost.
     */
    update(picture: LevelledPicture, older: LevelledPicture, lasting: Uint8Array, context: FrameContext): void {
      const { age, seconds, occupied, minLearningRate } = context;
      const stride = age < START_SECONDS ? 1 : 2;
      turn = stride === 1 ? 0 : 1 - turn;
      const learningRate = occupied ? 1 / USUAL_SECONDS.occupied : Math.max(1 / USUAL_SECONDS.empty, minLearningRate);
      const step = Math.min(1, stride * seconds * learningRate);
      writeDifferences(picture.brightness, older.brightness, turn, stride, difference);
      usual.update(difference, step, lasting, (stride * seconds) / USUAL_SECONDS.lasting, turn, stride);
    },
  };
}
