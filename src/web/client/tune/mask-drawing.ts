import { signal } from '@preact/signals';
import { draft } from './draft.js';
import type { Point } from './mask-shape.js';

/** The corners of the mask that is being drawn; undefined while none is drawn. */
export const drawing = signal<readonly Point[] | undefined>(undefined);

/** A click this close to the first corner (as a share of the picture) closes the mask. */
const closeDistance = 0.03;

/** Adds the mask that is being drawn, if it has three corners. */
export function finishDrawing() {
  const points = drawing.value ?? [];
  drawing.value = undefined;
  if (points.length >= 3) draft.setMasks([...draft.masks.value, [...points]]);
}

/** Adds a corner to the mask that is being drawn; a click on the first corner closes it. */
export function addCorner(point: Point) {
  if (drawing.value === undefined) return;
  const [first] = drawing.value;
  const closes = first && Math.hypot(first[0] - point[0], first[1] - point[1]) < closeDistance;
  if (closes && drawing.value.length >= 3) finishDrawing();
  else if (!closes) drawing.value = [...drawing.value, point];
}
