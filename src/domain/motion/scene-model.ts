import type { Picture } from './picture.js';
import { levelled } from './picture.js';

/** Remembered pictures of each pixel; a power of two. */
export const SAMPLES = 16;
/** So many samples have to agree before a pixel is known (ViBe). */
const NEEDED = 2;
const FAR = 65535;

function swap(values: Uint16Array, j: number, k: number): void {
  const value = values[j]!;
  values[j] = values[k]!;
  values[k] = value;
}

/** Distance to the second nearest sample of a pixel whose first two are not near; what is found comes to the front for the next picture. */
function search(now: number, p: number, size: number, levels: Uint16Array, means: Uint16Array, near: number): number {
  let first = FAR;
  let second = FAR;
  let firstAt = p;
  for (let k = p; k < levels.length; k += size) {
    const d = Math.abs(now - levels[k]!);
    if (d >= second) continue;
    if (d < first) {
      second = first;
      first = d;
      if (second >= near) {
        firstAt = k;
        continue;
      }
    } else second = d;
    if (second >= near) continue;
    swap(levels, firstAt, p);
    swap(means, firstAt, p);
    swap(levels, k, p + size);
    swap(means, k, p + size);
    break;
  }
  return second;
}

function measure(level: Uint16Array, levels: Uint16Array, means: Uint16Array, near: number, into: Uint16Array): void {
  const size = level.length;
  for (let p = 0; p < size; p++) {
    const now = level[p]!;
    const first = Math.abs(now - levels[p]!);
    const second = Math.abs(now - levels[p + size]!);
    if (first < near && second < near) into[p] = first > second ? first : second;
    else into[p] = search(now, p, size, levels, means, near);
  }
}

/**
 * What each place of the empty room has looked like: a handful of remembered samples a pixel, replaced at random,
 * and now and then handed to a neighbour. A waving leaf or a wave is thereby known in all its looks, and a little
 * beside where it was seen. After ViBe (Barnich and Van Droogenbroeck, 2011) with the brightness of the
 * surroundings kept beside each sample, to tell a lamp from a thing.
 */
export function createSceneModel(width: number, height: number) {
  const size = width * height;
  // All first samples, then all second ones, and so on: most pixels are known by their first two.
  const all = size * SAMPLES;
  const levels = new Uint16Array(all);
  const means = new Uint16Array(all);
  const around = [-width - 1, -width, -width + 1, -1, 1, width - 1, width, width + 1];
  let seed = 0x9e3779b9;

  /** xorshift32: a replayed clip has to be judged the same every time. */
  function random(): number {
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    return seed >>> 0;
  }

  function draw(): number {
    return random() / 0x100000000;
  }

  function fill(p: number, picture: Picture): void {
    for (let k = p; k < all; k += size) {
      levels[k] = picture.level[p]!;
      means[k] = picture.mean[p]!;
    }
  }

  return {
    /** Takes this picture for the empty room, with nothing else remembered. */
    start(picture: Picture): void {
      for (let p = 0; p < size; p++) fill(p, picture);
    },

    /**
     * Distance of each pixel to the second nearest of its samples, in 1/8 grey level; the search ends early below `near`.
     */
    measure(picture: Picture, near: number, into: Uint16Array): void {
      measure(picture.level, levels, means, near, into);
    },

    /** What each pixel usually looks like: the mean of its samples, in 1/8 grey level. */
    typical(into: Uint16Array): void {
      for (let p = 0; p < size; p++) {
        let sum = 0;
        for (let k = p; k < all; k += size) sum += levels[k]!;
        into[p] = sum / SAMPLES;
      }
    },

    /** Whether the pixel shows what was there before in another light. */
    relit(picture: Picture, p: number, near: number): boolean {
      let found = 0;
      const level = picture.level[p]!;
      const mean = picture.mean[p]!;
      for (let k = p; k < all; k += size)
        if (levelled(level, mean, levels[k]!, means[k]!) < near && ++found >= NEEDED) return true;
      return false;
    },

    /**
     * Remembers what is seen now, each pixel with the probability `chanceOf`, at most `most`, and once in four in a
     * neighbour's place too. Leaps from pixel to pixel: most are not even looked at.
     */
    learn(picture: Picture, most: number, chanceOf: (p: number) => number): void {
      const leap = 2 / most - 1;
      for (let p = Math.floor(draw() * leap); p < size; p += 1 + Math.floor(draw() * leap)) {
        const chance = chanceOf(p) / most;
        if (chance === 0 || draw() > chance) continue;
        const bits = random();
        const k = p + size * (bits & (SAMPLES - 1));
        levels[k] = picture.level[p]!;
        means[k] = picture.mean[p]!;
        if (((bits >>> 4) & 3) !== 0) continue;
        const q = p + around[(bits >>> 6) & 7]!;
        if (q < 0 || q >= size || chanceOf(q) === 0) continue;
        const j = q + size * ((bits >>> 9) & (SAMPLES - 1));
        levels[j] = picture.level[p]!;
        means[j] = picture.mean[p]!;
      }
    },
  };
}
/** The samples of one scene. */
export type SceneModel = ReturnType<typeof createSceneModel>;
