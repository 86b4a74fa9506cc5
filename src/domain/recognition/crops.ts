import type { Region } from '../motion/judgement.js';
import { WHOLE } from './boxes.js';

const TILE = 0.6;
/**
 * Overlapping tiles, 60 % of the width and height each: somebody small is large enough in one of them. The lower middle
 * comes first, where people are most often.
 */
export const TILES: readonly Region[] = [
  [0.2, 0.4],
  [0.2, 0],
  [0, 0.4],
  [0.4, 0.4],
  [0, 0],
  [0.4, 0],
].map(([x, y]) => ({ x: x!, y: y!, width: TILE, height: TILE }));

/**
 * How many times its size a box is seen with its surroundings. What only looks like a person does so at one size and
 * hardly at another; a real one keeps most of the score.
 */
export const FRAMINGS: readonly number[] = [2, 1.5, 2.8];

/** Smaller crops, in shares of the height or in pixels, would show nothing but a blur. */
const LEAST_SIDE = 0.2;
const LEAST_PIXELS = 72;
/** From this part of the frame on a crop is no gain over the whole picture. */
const WHOLE_FROM = 0.7;

/** The size of a frame in pixels. */
export type FrameSize = { readonly width: number; readonly height: number };

/**
 * The crop around a box: a square of pixels, because the model knows people in their own proportions, `times` as long as
 * the box's longer side. Moved into the frame, or cut off, where it would reach beyond.
 */
export function cropAround({ x, y, width, height }: Region, times: number, frame: FrameSize): Region {
  const longer = Math.max(width * frame.width, height * frame.height);
  const side = Math.max(LEAST_SIDE * frame.height, LEAST_PIXELS, longer * times);
  const wide = Math.min(1, side / frame.width);
  const tall = Math.min(1, side / frame.height);
  if (wide * tall >= WHOLE_FROM) return WHOLE;
  const inside = (middle: number, size: number) => Math.min(Math.max(0, middle - size / 2), 1 - size);
  return { x: inside(x + width / 2, wide), y: inside(y + height / 2, tall), width: wide, height: tall };
}
