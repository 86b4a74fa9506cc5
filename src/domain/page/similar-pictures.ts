import type { Gray } from '../motion/judgement.js';

/** The noise of a camera seldom changes a pixel of a small picture by more gray levels than this. */
const noiseLevels = 10;
/** At most this many pixels of similar pictures differ by more than the noise. */
const maxDifferentPixels = 3;

/** Whether two small pictures look the same to a person. */
export function areSimilar(one: Gray, other: Gray): boolean {
  if (one === other) return true;
  if (one.width !== other.width || one.height !== other.height) return false;
  let different = 0;
  for (let p = 0; p < one.pixels.length; p++) {
    if (Math.abs(one.pixels[p]! - other.pixels[p]!) > noiseLevels && ++different > maxDifferentPixels) return false;
  }
  return true;
}
