import type { LevelledPicture } from './levelled-picture.js';
import { levelledDifference } from './levelled-picture.js';
import type { PixelList } from './pixel-list.js';

/** Samples kept for each pixel; a power of two. */
export const SAMPLES = 16;
/** A pixel matches the background when this many samples are near (ViBe). */
const NEEDED_MATCHES = 2;
const FAR = 65535;

/**
 * The samples of all pixels, sample 0 of each pixel first, then sample 1 of each, and so on: most pixels match their first
 * two, which then lie close together in memory. `neighbours` are the offsets of the eight pixels around one.
 */
type Samples = {
  readonly size: number;
  readonly brightness: Uint16Array;
  readonly localMean: Uint16Array;
  readonly neighbours: readonly number[];
};

function swap(values: Uint16Array, j: number, k: number): void {
  const value = values[j]!;
  values[j] = values[k]!;
  values[k] = value;
}

/** The smaller of two integers, without a branch: which one it is cannot be predicted. */
function smaller(a: number, b: number): number {
  return b + ((a - b) & ((a - b) >> 31));
}
/** The larger of two integers, without a branch. */
function larger(a: number, b: number): number {
  return a - ((a - b) & ((a - b) >> 31));
}

/**
 * Distance to the second nearest sample of a pixel whose first two samples are not both near. Two samples that are near end
 * the search early, and move to the front for the next picture.
 */
function searchSamples(
  now: number,
  p: number,
  size: number,
  brightness: Uint16Array,
  localMean: Uint16Array,
  near: number,
): number {
  let first = FAR;
  let second = FAR;
  let nearAt = -1;
  for (let k = p; k < brightness.length; k += size) {
    const d = Math.abs(now - brightness[k]!);
    second = smaller(second, larger(first, d));
    first = smaller(first, d);
    if (d >= near) continue;
    if (nearAt < 0) {
      nearAt = k;
      continue;
    }
    swap(brightness, nearAt, p);
    swap(localMean, nearAt, p);
    swap(brightness, k, p + size);
    swap(localMean, k, p + size);
    break;
  }
  return second;
}

/**
 * A function of the module that receives everything as arguments, like all loops over pixels here: inside a closure, V8 kept
 * code that was optimised for the first detector of the process and discarded it at almost every picture of the next one.
 */
function measureDistances(
  now: Uint16Array,
  brightness: Uint16Array,
  localMean: Uint16Array,
  near: number,
  into: Uint16Array,
  unmatched: PixelList,
): void {
  const size = now.length;
  const { pixels } = unmatched;
  let count = 0;
  for (let p = 0; p < size; p++) {
    const value = now[p]!;
    const both = larger(Math.abs(value - brightness[p]!), Math.abs(value - brightness[p + size]!));
    if (both < near) into[p] = both;
    else {
      const second = searchSamples(value, p, size, brightness, localMean, near);
      into[p] = second;
      if (second > near) pixels[count++] = p;
    }
  }
  unmatched.count = count;
}

function matchesLevelled(
  { size, brightness, localMean }: Samples,
  now: number,
  mean: number,
  p: number,
  near: number,
): boolean {
  let matches = 0;
  for (let k = p; k < brightness.length; k += size)
    if (levelledDifference(now, mean, brightness[k]!, localMean[k]!) < near && ++matches >= NEEDED_MATCHES) return true;
  return false;
}

/** xorshift32: a replay of a clip has to give the same judgements every time. */
function nextRandom(random: number): number {
  let next = random;
  next ^= next << 13;
  next ^= next >>> 17;
  return next ^ (next << 5);
}

/** Maps a random number to 0 (included) to 1 (excluded). */
function unitInterval(random: number): number {
  return (random >>> 0) / 0x100000000;
}

/** @param bits random: which sample to replace, and whether to replace one of which neighbour too */
function replaceSample(
  samples: Samples,
  brightness: number,
  localMean: number,
  p: number,
  bits: number,
  backgroundChance: number,
  foregroundSince: Float64Array,
  foregroundChance: (p: number) => number,
): void {
  const { size, neighbours } = samples;
  const k = p + size * (bits & (SAMPLES - 1));
  samples.brightness[k] = brightness;
  samples.localMean[k] = localMean;
  if (((bits >>> 4) & 3) !== 0) return;
  const q = p + neighbours[(bits >>> 6) & 7]!;
  if (q < 0 || q >= size) return;
  if ((foregroundSince[q] === Infinity ? backgroundChance : foregroundChance(q)) === 0) return;
  const j = q + size * ((bits >>> 9) & (SAMPLES - 1));
  samples.brightness[j] = brightness;
  samples.localMean[j] = localMean;
}

/** Returns the random number to continue with; see `update` of the model. */
function updateSamples(
  samples: Samples,
  { brightness, localMean }: LevelledPicture,
  maxChance: number,
  backgroundChance: number,
  foregroundSince: Float64Array,
  foregroundChance: (p: number) => number,
  seed: number,
): number {
  const { size } = samples;
  const leap = 2 / maxChance - 1;
  const background = backgroundChance / maxChance;
  let random = nextRandom(seed);
  let p = Math.floor(unitInterval(random) * leap);
  while (p < size) {
    const chance = foregroundSince[p] === Infinity ? background : foregroundChance(p) / maxChance;
    if (chance !== 0) {
      random = nextRandom(random);
      if (unitInterval(random) <= chance) {
        random = nextRandom(random);
        const now = brightness[p]!;
        replaceSample(samples, now, localMean[p]!, p, random, backgroundChance, foregroundSince, foregroundChance);
      }
    }
    random = nextRandom(random);
    p += 1 + Math.floor(unitInterval(random) * leap);
  }
  return random;
}

function writeSampleMeans(samples: Uint16Array, into: Uint16Array): void {
  for (let p = 0; p < into.length; p++) {
    let sum = 0;
    for (let k = p; k < samples.length; k += into.length) sum += samples[k]!;
    into[p] = sum / SAMPLES;
  }
}

/**
 * The empty scene: some samples of what each pixel has looked like, replaced at random, and sometimes copied to a
 * neighbour. A moving leaf or a wave is thus known in all its states, and a little beside the place where it was seen.
 * After ViBe (Barnich and Van Droogenbroeck, 2011), with the brightness of the surroundings kept beside each sample, to
 * tell a lamp from an object.
 */
export function createBackgroundModel(width: number, height: number) {
  const size = width * height;
  const brightness = new Uint16Array(size * SAMPLES);
  const localMean = new Uint16Array(size * SAMPLES);
  const neighbours = [-width - 1, -width, -width + 1, -1, 1, width - 1, width, width + 1];
  const samples: Samples = { size, brightness, localMean, neighbours };
  let seed = 0x9e3779b9;

  return {
    /** Makes this picture the empty scene and drops all other samples. */
    initialise(picture: LevelledPicture): void {
      for (let k = 0; k < size * SAMPLES; k += size) {
        brightness.set(picture.brightness, k);
        localMean.set(picture.localMean, k);
      }
    },

    /**
     * Writes the distance of each pixel to its second nearest sample, in 1/8 grey level (below `near` not always the exact
     * one), and lists the pixels that are farther than `near`.
     */
    measure(picture: LevelledPicture, near: number, into: Uint16Array, unmatched: PixelList): void {
      measureDistances(picture.brightness, brightness, localMean, near, into, unmatched);
    },

    /** Writes the means of each pixel's samples. */
    writeMeans(into: LevelledPicture): void {
      writeSampleMeans(brightness, into.brightness);
      writeSampleMeans(localMean, into.localMean);
    },

    /** Whether the pixel shows the background in another light. */
    isRelit(picture: LevelledPicture, p: number, near: number): boolean {
      return matchesLevelled(samples, picture.brightness[p]!, picture.localMean[p]!, p, near);
    },

    /**
     * Takes samples of this picture: each background pixel with the probability `backgroundChance`, a foreground pixel with
     * that of `foregroundChance`, both at most `maxChance`; one sample in four also replaces one of a neighbour. Leaps
     * from pixel to pixel, so that most are not visited at all.
     */
    update(
      picture: LevelledPicture,
      maxChance: number,
      backgroundChance: number,
      foregroundSince: Float64Array,
      foregroundChance: (p: number) => number,
    ): void {
      seed = updateSamples(samples, picture, maxChance, backgroundChance, foregroundSince, foregroundChance, seed);
    },
  };
}
/** The background model of one scene. */
export type BackgroundModel = ReturnType<typeof createBackgroundModel>;
