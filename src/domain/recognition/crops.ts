import type { Region } from '../motion/judgement.js';
import { WHOLE } from './boxes.js';

/** Overlapping tiles, 60 % of the width and height each: somebody small is large enough in one of them. */
const TILE = 0.6;
export const TILES: readonly Region[] = [0, 0.4].flatMap((y) =>
  [0, 0.2, 0.4].map((x) => ({ x, y, width: TILE, height: TILE })),
);

/**
 * How many times its size a box is seen with its surroundings. What only looks like a person does so at one size and
 * hardly at another; a real one keeps most of the score.
 */
export const FRAMINGS: readonly number[] = [2, 1.4, 3];

/** A smaller crop would show nothing but blurred pixels. */
const LEAST_SIDE = 0.2;
/** From this side on a crop is no gain over the whole picture. */
const WHOLE_FROM = 0.9;

/** The crop around a box: `times` its longer side (in shares), moved into the frame where it would reach beyond. */
export function cropAround({ x, y, width, height }: Region, times: number): Region {
  const side = Math.max(LEAST_SIDE, Math.max(width, height) * times);
  if (side >= WHOLE_FROM) return WHOLE;
  const inside = (middle: number) => Math.min(Math.max(0, middle - side / 2), 1 - side);
  return { x: inside(x + width / 2), y: inside(y + height / 2), width: side, height: side };
}
