import type { Picture } from './levelled-picture.js';
import { levelled } from './levelled-picture.js';
import type { PixelList } from './pixel-list.js';

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

/** The lesser and the greater of two whole numbers, without a branch: which is which, nobody foretells. */
function lesser(a: number, b: number): number {
  return b + ((a - b) & ((a - b) >> 31));
}
function greater(a: number, b: number): number {
  return a - ((a - b) & ((a - b) >> 31));
}

/**
 * Distance to the second nearest sample of a pixel whose first two are not near, or to the farther of any two that are:
 * those come to the front for the next picture.
 */
function search(now: number, p: number, size: number, levels: Uint16Array, means: Uint16Array, near: number): number {
  let first = FAR;
  let second = FAR;
  let nearAt = -1;
  for (let k = p; k < levels.length; k += size) {
    const d = Math.abs(now - levels[k]!);
    second = lesser(second, greater(first, d));
    first = lesser(first, d);
    if (d >= near) continue;
    if (nearAt < 0) {
      nearAt = k;
      continue;
    }
    swap(levels, nearAt, p);
    swap(means, nearAt, p);
    swap(levels, k, p + size);
    swap(means, k, p + size);
    break;
  }
  return second;
}

function measure(
  level: Uint16Array,
  levels: Uint16Array,
  means: Uint16Array,
  near: number,
  into: Uint16Array,
  unlike: PixelList,
): void {
  const size = level.length;
  const { pixels } = unlike;
  let count = 0;
  for (let p = 0; p < size; p++) {
    const now = level[p]!;
    const both = greater(Math.abs(now - levels[p]!), Math.abs(now - levels[p + size]!));
    if (both < near) into[p] = both;
    else {
      const second = search(now, p, size, levels, means, near);
      into[p] = second;
      if (second > near) pixels[count++] = p;
    }
  }
  unlike.count = count;
}

/** xorshift32: a replayed clip has to be judged the same every time. */
function after(random: number): number {
  let next = random;
  next ^= next << 13;
  next ^= next >>> 17;
  return next ^ (next << 5);
}

/** 0 to 1, without 1. */
function share(random: number): number {
  return (random >>> 0) / 0x100000000;
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

  function fill(p: number, picture: Picture): void {
    for (let k = p; k < all; k += size) {
      levels[k] = picture.level[p]!;
      means[k] = picture.mean[p]!;
    }
  }

  /** @param bits which sample is replaced, and whether and where in a neighbour's place too */
  function remember(
    level: number,
    mean: number,
    p: number,
    bits: number,
    known: number,
    newSince: Float64Array,
    chanceOf: (p: number) => number,
  ): void {
    const k = p + size * (bits & (SAMPLES - 1));
    levels[k] = level;
    means[k] = mean;
    if (((bits >>> 4) & 3) !== 0) return;
    const q = p + around[(bits >>> 6) & 7]!;
    if (q < 0 || q >= size || (newSince[q] === Infinity ? known : chanceOf(q)) === 0) return;
    const j = q + size * ((bits >>> 9) & (SAMPLES - 1));
    levels[j] = level;
    means[j] = mean;
  }

  return {
    /** Takes this picture for the empty room, with nothing else remembered. */
    start(picture: Picture): void {
      for (let p = 0; p < size; p++) fill(p, picture);
    },

    /**
     * Distance of each pixel to the second nearest of its samples, in 1/8 grey level; the search ends early below `near`.
     * Those farther than that are listed.
     */
    measure(picture: Picture, near: number, into: Uint16Array, unlike: PixelList): void {
      measure(picture.level, levels, means, near, into, unlike);
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
     * Remembers what is seen now, each pixel with the probability `known`, where something is new with that of
     * `chanceOf`, at most `most`, and once in four in a neighbour's place too. Leaps from pixel to pixel: most are not
     * even looked at.
     */
    learn(
      { level, mean }: Picture,
      most: number,
      known: number,
      newSince: Float64Array,
      chanceOf: (p: number) => number,
    ): void {
      const leap = 2 / most - 1;
      const usual = known / most;
      let random = after(seed);
      for (let p = Math.floor(share(random) * leap); p < size; p += 1 + Math.floor(share(random) * leap)) {
        const chance = newSince[p] === Infinity ? usual : chanceOf(p) / most;
        if (chance !== 0) {
          random = after(random);
          if (share(random) <= chance) {
            random = after(random);
            remember(level[p]!, mean[p]!, p, random, known, newSince, chanceOf);
          }
        }
        random = after(random);
      }
      seed = random;
    },
  };
}
/** The samples of one scene. */
export type SceneModel = ReturnType<typeof createSceneModel>;
