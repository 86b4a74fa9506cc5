import type { LevelledPicture } from './levelled-picture.js';
import { levelledDifference } from './levelled-picture.js';
import type { PixelList } from './pixel-list.js';
import { createPixelList } from './pixel-list.js';

/** A pixel that changes in more than this share of the pictures flickers. */
const FLICKERING = 0.25;

/**
 * The share of the frame that differs from the picture before, and the share whose texture differs too. Pixels that flicker
 * are left out: a screen that flickers is no lamp.
 */
export type Change = { readonly changedShare: number; readonly structuralShare: number };

/** Lists the pixels whose texture changed, and updates how often each pixel changes at all. */
function compare(
  now: LevelledPicture,
  before: LevelledPicture,
  minDifference: number,
  rate: number,
  changeRate: Float32Array,
  structural: PixelList,
): Change {
  const { brightness, localMean } = now;
  const { brightness: otherBrightness, localMean: otherMean } = before;
  const size = brightness.length;
  let changed = 0;
  let counted = 0;
  structural.count = 0;
  for (let p = 0; p < size; p++) {
    const often = changeRate[p]!;
    if (Math.abs(brightness[p]! - otherBrightness[p]!) < minDifference) {
      if (often > 0.01) changeRate[p] = often - often * rate;
      continue;
    }
    changeRate[p] = often + (1 - often) * rate;
    const counts = often < FLICKERING ? 1 : 0;
    changed += counts;
    if (levelledDifference(brightness[p]!, localMean[p]!, otherBrightness[p]!, otherMean[p]!) < minDifference) continue;
    counted += counts;
    structural.pixels[structural.count++] = p;
  }
  return { changedShare: changed / size, structuralShare: counted / size };
}

/**
 * Notes for each pixel when its texture last changed, by the difference to the picture before. A pixel that only became
 * brighter or darker along with its surroundings counts in `changedShare` alone.
 * @param minDifference the least difference that is a change, in 1/8 grey level
 */
export function createChangeMap(size: number, minDifference: number) {
  const changedAt = new Float64Array(size).fill(-Infinity);
  const changed = createPixelList(size);
  const changeRate = new Float32Array(size);
  return {
    /** When the texture of each pixel last changed, in seconds; -Infinity = never. */
    changedAt,
    /** The pixels whose texture changed with the last picture. */
    changed,
    /** @param rate the weight of this picture in how often each pixel changes, 0 to 1 */
    compare(now: LevelledPicture, before: LevelledPicture, at: number, rate: number): Change {
      const change = compare(now, before, minDifference, rate, changeRate, changed);
      for (let i = 0; i < changed.count; i++) changedAt[changed.pixels[i]!] = at;
      return change;
    },
  };
}
/** The change map of one scene. */
export type ChangeMap = ReturnType<typeof createChangeMap>;
