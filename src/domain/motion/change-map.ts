import type { Picture } from './levelled-picture.js';
import { levelled } from './levelled-picture.js';
import type { PixelList } from './pixel-list.js';
import { createPixelList } from './pixel-list.js';

/** A place that changes in more than this share of the pictures changes all the time. */
const FLICKERING = 0.25;

/**
 * How much of the frame differs from the picture before, and how much of that has another texture too; without the
 * places that change all the time: a screen that flickers is no lamp.
 */
export type Change = { readonly share: number; readonly structuralShare: number };

/** Lists the pixels whose texture changed, and follows how often each changes at all. */
function compare(
  now: Picture,
  before: Picture,
  least: number,
  rate: number,
  flicker: Float32Array,
  structural: PixelList,
): Change {
  const { level, mean } = now;
  const { level: otherLevel, mean: otherMean } = before;
  const size = level.length;
  let changed = 0;
  let counted = 0;
  structural.count = 0;
  for (let p = 0; p < size; p++) {
    const often = flicker[p]!;
    if (Math.abs(level[p]! - otherLevel[p]!) < least) {
      if (often > 0.01) flicker[p] = often - often * rate;
      continue;
    }
    flicker[p] = often + (1 - often) * rate;
    const counts = often < FLICKERING ? 1 : 0;
    changed += counts;
    if (levelled(level[p]!, mean[p]!, otherLevel[p]!, otherMean[p]!) < least) continue;
    counted += counts;
    structural.pixels[structural.count++] = p;
  }
  return { share: changed / size, structuralShare: counted / size };
}

/**
 * Notes for each pixel when its texture last changed (seconds), by difference to the picture before.
 * Pixels that only became brighter or darker along with their surroundings count in `share` alone.
 */
export function createChangeMap(size: number) {
  const changedAt = new Float64Array(size).fill(-Infinity);
  const changed = createPixelList(size);
  const flicker = new Float32Array(size);
  return {
    changedAt,
    /** The pixels whose texture changed with the last picture. */
    changed,
    /** @param least 1/8 grey level; @param rate how much this picture weighs in how often each pixel changes, 0 to 1 */
    compare(now: Picture, before: Picture, at: number, least: number, rate: number): Change {
      const change = compare(now, before, least, rate, flicker, changed);
      for (let i = 0; i < changed.count; i++) changedAt[changed.pixels[i]!] = at;
      return change;
    },
  };
}
