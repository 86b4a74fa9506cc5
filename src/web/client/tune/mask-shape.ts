import type { Masks } from '../../../domain/page/payloads.js';

/** The corners of one mask, as shares of the picture. */
export type Polygon = Masks[number];
/** x and y as shares of the picture (0 to 1). */
export type Point = Polygon[number];

const clamp = (share: number) => Math.min(1, Math.max(0, Math.round(share * 1e4) / 1e4));

/** Moves a corner, or the whole polygon if `corner` is undefined, but not beyond the edges of the picture. */
export function moved(polygon: Polygon, corner: number | undefined, dx: number, dy: number): Polygon {
  if (corner !== undefined)
    return polygon.map(([x, y], place): Point => (place === corner ? [clamp(x + dx), clamp(y + dy)] : [x, y]));
  const within = (delta: number, shares: number[]) =>
    Math.max(-Math.min(...shares), Math.min(1 - Math.max(...shares), delta));
  const byX = within(
    dx,
    polygon.map(([x]) => x),
  );
  const byY = within(
    dy,
    polygon.map(([, y]) => y),
  );
  return polygon.map(([x, y]): Point => [clamp(x + byX), clamp(y + byY)]);
}

/** Adds a corner halfway between one and the next. */
export function withCornerAfter(polygon: Polygon, corner: number): Polygon {
  const [x1, y1] = polygon[corner] ?? [0, 0];
  const [x2, y2] = polygon[(corner + 1) % polygon.length] ?? [0, 0];
  return polygon.toSpliced(corner + 1, 0, [clamp((x1 + x2) / 2), clamp((y1 + y2) / 2)]);
}

/** Removes a corner; undefined if fewer than three corners would be left. */
export function withoutCorner(polygon: Polygon, corner: number): Polygon | undefined {
  return polygon.length > 3 ? polygon.toSpliced(corner, 1) : undefined;
}

/** A rectangle in the middle of the picture, as a new mask. */
export const rectangle: Polygon = [
  [0.35, 0.35],
  [0.65, 0.35],
  [0.65, 0.65],
  [0.35, 0.65],
];

/** The nearest point inside the picture, rounded. */
export function pointAt(share: { x: number; y: number }): Point {
  return [clamp(share.x), clamp(share.y)];
}
