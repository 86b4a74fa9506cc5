import type { LevelledPicture } from './levelled-picture.js';
import { UNITS_PER_LEVEL } from './levelled-picture.js';

const COLUMNS = 8;
const ROWS = 6;
/** A cell whose brightness varies less than this around its surroundings (grey levels) shows no texture to compare. */
const MIN_TEXTURE = 2.5 * UNITS_PER_LEVEL;
/** Cells correlate at least this well where they show the same: noise and a pixel of shake leave more, another view less. */
const SAME = 0.4;
/** A cell darker than this (grey levels) may have lost its texture with the light. */
const DARK = 48 * UNITS_PER_LEVEL;
/** With fewer cells to compare nothing can be said. */
const MIN_CELLS = 10;

/** Sums over one cell: the products of two pictures' texture, and the brightness of the first. */
function correlate(
  one: LevelledPicture,
  other: LevelledPicture,
  start: number,
  wide: number,
  tall: number,
  width: number,
) {
  let both = 0;
  let ones = 0;
  let others = 0;
  let brightness = 0;
  for (let y = 0; y < tall; y++)
    for (let p = start + y * width, end = p + wide; p < end; p++) {
      const a = one.brightness[p]! - one.localMean[p]!;
      const b = other.brightness[p]! - other.localMean[p]!;
      both += a * b;
      ones += a * a;
      others += b * b;
      brightness += one.brightness[p]!;
    }
  return { both, ones, others, brightness };
}

/**
 * The share of the cells textured in `known` (of the 8x6 that the frame is divided into) in which `now` differs, by the
 * correlation of their texture: a lamp changes it little, an object some cells of it, and a camera that was turned nearly all
 * of it. 0 where there is too little texture: before a bare wall, a person is all there is.
 */
export function differingShare(now: LevelledPicture, known: LevelledPicture, width: number, height: number): number {
  const wide = Math.floor(width / COLUMNS);
  const tall = Math.floor(height / ROWS);
  const least = MIN_TEXTURE * MIN_TEXTURE * wide * tall;
  let cells = 0;
  let differing = 0;
  for (let row = 0; row < ROWS; row++)
    for (let column = 0; column < COLUMNS; column++) {
      const start = row * tall * width + column * wide;
      const { both, ones, others, brightness } = correlate(now, known, start, wide, tall, width);
      if (others < least || (ones < least && brightness < DARK * wide * tall)) continue;
      cells++;
      if (both < SAME * Math.sqrt(ones * others)) differing++;
    }
  return cells < MIN_CELLS ? 0 : differing / cells;
}
