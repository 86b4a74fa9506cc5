import type { Blob, Box } from './blobs.js';

/** The place where the last motion ended is what moved in its last second. */
const END_SECONDS = 1;
/** A place is extended only where something moved within this time. */
const RECENT_SECONDS = 60;
/** An extended place looks as if motion had been there this long ago. */
const EXTENDED_SECONDS = 5;

/** Remembers where and when motion was accepted. */
export function createMotionPlaces(width: number, height: number) {
  const motionAt = new Float64Array(width * height).fill(-Infinity);
  let lastAt = -Infinity;

  return {
    /** When each pixel was last part of accepted motion, in seconds; -Infinity = never. */
    motionAt,
    /** When motion was last accepted, in seconds; -Infinity = never. */
    lastAt: (): number => lastAt,
    /** A pixel whose `motionAt` is at least this belongs to the place where the last motion ended. */
    endSince: (): number => lastAt - END_SECONDS,
    /** Records the pixels of a blob as moving now; `labels` are those of the blob finder. */
    record({ left, top, right, bottom, label }: Blob, labels: Uint16Array, at: number): void {
      for (let y = top; y <= bottom; y++)
        for (let p = y * width + left, end = y * width + right; p <= end; p++)
          if (labels[p] === label) motionAt[p] = at;
      lastAt = at;
    },
    /** A sign of a person renews the place around it, but makes no new one. */
    extend({ left, top, right, bottom }: Box, at: number): void {
      for (let y = Math.max(0, top); y <= Math.min(height - 1, bottom); y++)
        for (let x = Math.max(0, left); x <= Math.min(width - 1, right); x++) {
          const p = y * width + x;
          if (motionAt[p]! > at - RECENT_SECONDS)
            motionAt[p] = Math.max(motionAt[p]!, Math.min(at - EXTENDED_SECONDS, lastAt - END_SECONDS - 0.01));
        }
    },
  };
}
/** The motion places of one scene. */
export type MotionPlaces = ReturnType<typeof createMotionPlaces>;
