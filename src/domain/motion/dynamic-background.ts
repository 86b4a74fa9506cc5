import type { Blob, Box } from './blobs.js';
import type { FrameContext } from './frame-context.js';
import { createRunningQuantile } from './running-quantile.js';
import type { Track } from './tracks.js';

const COLUMNS = 8;
const ROWS = 6;
/** Of the largest blobs at a place, the share that an empty room stays below. */
const QUANTILE = 0.9;
/** The usual area of a place before anything is known of it, as a share of the frame. */
const INITIAL_AREA = 0.03;
const EMPTY_SECONDS = 60;
const OCCUPIED_SECONDS = 300;
const START_SECONDS = 10;
/** Activity is learned and forgotten faster than sizes, because wind comes and goes. */
const ACTIVITY_SECONDS = { empty: 20, occupied: 60 };
/** Activity that does not count: the first second of a visit must not count against the visitor. */
const FREE_ACTIVITY = 0.04;
/** A track this long, in frames, that went this far (share of the width) is a person or a vehicle; it is not learned. */
const STEADY = { changedFrames: 16, travel: 0.1 };

function areaOf({ left, top, right, bottom }: Box): number {
  return (right - left + 1) * (bottom - top + 1);
}

/** Whether a track has lasted and gone too far to be waves or leaves. */
export function travelsSteadily(track: Track): boolean {
  return track.changedFrames >= STEADY.changedFrames && track.travel >= STEADY.travel;
}

function updateActivity(
  activity: Float32Array,
  changedAt: Float64Array,
  at: number,
  first: number,
  stride: number,
  weight: number,
): void {
  for (let p = first; p < activity.length; p += stride) {
    const often = activity[p]!;
    if (changedAt[p] === at) activity[p] = often + (1 - often) * weight;
    else if (often > 0.001) activity[p] = often - often * weight;
  }
}

function sumActivity(activity: Float32Array, width: number, { left, top, right, bottom }: Box): number {
  let sum = 0;
  for (let y = top; y <= bottom; y++)
    for (let p = y * width + left, end = y * width + right; p <= end; p++) sum += activity[p]!;
  return sum;
}

/** The box widened by its own width and height on each side, within the frame. */
function widen(box: Box, width: number, height: number): Box {
  const wide = box.right - box.left + 1;
  const tall = box.bottom - box.top + 1;
  return {
    left: Math.max(0, box.left - wide),
    right: Math.min(width - 1, box.right + wide),
    top: Math.max(0, box.top - tall),
    bottom: Math.min(height - 1, box.bottom + tall),
  };
}

/** The cells (of the 8x6 that the frame is divided into) that a box touches. */
function cellsOf(box: Box, width: number, height: number): number[] {
  const right = Math.floor((box.right * COLUMNS) / width);
  const bottom = Math.floor((box.bottom * ROWS) / height);
  const cells: number[] = [];
  for (let y = Math.floor((box.top * ROWS) / height); y <= bottom; y++)
    for (let x = Math.floor((box.left * COLUMNS) / width); x <= right; x++) cells.push(y * COLUMNS + x);
  return cells;
}

/**
 * Learns where the empty scene moves by itself: how often each pixel changes (`activity`, 0 to 1) and how large the blobs
 * of each place are. @param minArea the least usual area of a place, in pixels
 */
export function createDynamicBackground(width: number, height: number, minArea: number) {
  const size = width * height;
  const activity = new Float32Array(size);
  const usual = createRunningQuantile(COLUMNS * ROWS, QUANTILE, minArea, size);
  usual.estimates.fill(INITIAL_AREA * size);
  const largest = new Uint16Array(COLUMNS * ROWS);
  const noneSlow = new Uint8Array(COLUMNS * ROWS);
  let turn = 0;

  function learnSizes(tracks: readonly Track[], { seconds, occupied, minLearningRate }: FrameContext): void {
    largest.fill(0);
    for (const track of tracks) {
      if (travelsSteadily(track)) continue;
      for (const cell of cellsOf(track, width, height))
        largest[cell] = Math.max(largest[cell]!, Math.min(65535, track.area));
    }
    const step = occupied
      ? seconds / OCCUPIED_SECONDS
      : Math.max(seconds / EMPTY_SECONDS, Math.min(0.8, minLearningRate * seconds));
    usual.update(largest, step, noneSlow, step, 0, 1);
  }

  return {
    activity,
    /** The area, in pixels, that the blobs of the empty scene stay below at the place of this blob. */
    usualArea(blob: Blob): number {
      return cellsOf(blob, width, height).reduce((most, cell) => Math.max(most, usual.estimates[cell]!), 0);
    },
    /** Mean activity of the pixels in the box, above what is free. */
    activityWithin(box: Box): number {
      return Math.max(0, sumActivity(activity, width, box) / areaOf(box) - FREE_ACTIVITY);
    },
    /** Mean activity around the box, as far as it is wide and tall. */
    activityBeside(box: Box): number {
      const wider = widen(box, width, height);
      const beside = sumActivity(activity, width, wider) - sumActivity(activity, width, box);
      return beside / Math.max(1, areaOf(wider) - areaOf(box));
    },
    /** Learns from a frame; `changedAt` says when each pixel last changed. */
    update(tracks: readonly Track[], changedAt: Float64Array, context: FrameContext): void {
      const { at, age, seconds, occupied } = context;
      const rate = seconds / (occupied ? ACTIVITY_SECONDS.occupied : Math.min(ACTIVITY_SECONDS.empty, age));
      // After the start every second pixel is updated, with twice the weight: the same in the long run at half the cost.
      const stride = age < START_SECONDS ? 1 : 2;
      turn = stride === 1 ? 0 : 1 - turn;
      updateActivity(activity, changedAt, at, turn, stride, Math.min(1, stride * rate));
      learnSizes(tracks, context);
    },
  };
}
/** The dynamic background of one scene. */
export type DynamicBackground = ReturnType<typeof createDynamicBackground>;
