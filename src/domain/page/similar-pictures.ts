import type { Gray } from '../motion/judgement.js';

/** Gray levels that the noise of a camera seldom reaches in a small picture. */
const noise = 10;
/** So many pixels may be further apart than that. */
const most = 3;

/** Whether nobody would see a difference between two small pictures. */
export function areSimilar(one: Gray, other: Gray): boolean {
  if (one === other) return true;
  if (one.width !== other.width || one.height !== other.height) return false;
  let apart = 0;
  for (let p = 0; p < one.pixels.length; p++) {
    if (Math.abs(one.pixels[p]! - other.pixels[p]!) > noise && ++apart > most) return false;
  }
  return true;
}
