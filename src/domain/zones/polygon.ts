import type { Region } from '../motion/judgement.js';

/** A place in the frame, in shares of its width and height from the top left. */
export type Point = { readonly x: number; readonly y: number };

/** The corners of a part of the frame, in order; the last one is joined with the first. */
export type Polygon = readonly (readonly [number, number])[];

/** The even-odd rule: a ray from the point crosses the sides of the polygon an odd number of times. */
export function isInside({ x, y }: Point, polygon: Polygon): boolean {
  let inside = false;
  polygon.forEach(([x1, y1], n) => {
    const [x2, y2] = polygon[(n + 1) % polygon.length]!;
    if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) inside = !inside;
  });
  return inside;
}

/** The middle of a box. */
export function centreOf({ x, y, width, height }: Region): Point {
  return { x: x + width / 2, y: y + height / 2 };
}

/** Where somebody in this box stands: the middle of its lower edge. A foot below the frame is at the frame's edge, inside. */
export function footOf({ x, y, width, height }: Region): Point {
  return { x: x + width / 2, y: Math.min(0.999, y + height) };
}
