import type { Picture } from './picture.js';
import { levelled } from './picture.js';

/** How much of the frame differs from the picture before, and how much of that has another texture too. */
export type Change = { readonly share: number; readonly structuralShare: number };

/**
 * Notes for each pixel when its texture last changed (seconds), by difference to the picture before.
 * Pixels that only became brighter or darker along with their surroundings count in `share` alone.
 */
export function createChangeMap(size: number) {
  const changedAt = new Float64Array(size).fill(-Infinity);
  return {
    changedAt,
    /** @param least 1/8 grey level */
    compare(now: Picture, before: Picture, at: number, least: number): Change {
      let changed = 0;
      let structural = 0;
      for (let p = 0; p < size; p++) {
        const level = now.level[p]!;
        const otherLevel = before.level[p]!;
        if (Math.abs(level - otherLevel) < least) continue;
        changed++;
        if (levelled(level, now.mean[p]!, otherLevel, before.mean[p]!) < least) continue;
        structural++;
        changedAt[p] = at;
      }
      return { share: changed / size, structuralShare: structural / size };
    },
  };
}
