import type { Picture } from './picture.js';
import { levelled } from './picture.js';

/** A place that changes in more than this share of the pictures changes all the time. */
const FLICKERING = 0.25;

/**
 * How much of the frame differs from the picture before, and how much of that has another texture too; without the
 * places that change all the time: a screen that flickers is no lamp.
 */
export type Change = { readonly share: number; readonly structuralShare: number };

/**
 * Notes for each pixel when its texture last changed (seconds), by difference to the picture before.
 * Pixels that only became brighter or darker along with their surroundings count in `share` alone.
 */
export function createChangeMap(size: number) {
  const changedAt = new Float64Array(size).fill(-Infinity);
  const flicker = new Float32Array(size);
  return {
    changedAt,
    /** @param least 1/8 grey level; @param rate how much this picture weighs in how often each pixel changes, 0 to 1 */
    compare(now: Picture, before: Picture, at: number, least: number, rate: number): Change {
      let changed = 0;
      let structural = 0;
      for (let p = 0; p < size; p++) {
        const level = now.level[p]!;
        const otherLevel = before.level[p]!;
        const often = flicker[p]!;
        if (Math.abs(level - otherLevel) < least) {
          if (often > 0.01) flicker[p] = often - often * rate;
          continue;
        }
        flicker[p] = often + (1 - often) * rate;
        const counts = often < FLICKERING ? 1 : 0;
        changed += counts;
        if (levelled(level, now.mean[p]!, otherLevel, before.mean[p]!) < least) continue;
        structural += counts;
        changedAt[p] = at;
      }
      return { share: changed / size, structuralShare: structural / size };
    },
  };
}
