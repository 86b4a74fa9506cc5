import { signal } from '@preact/signals';
import type { Point } from './mask-shape.js';
import { addShape, type Kind } from './shapes.js';

/** The shape that is being drawn, with its corners; undefined while none is drawn. */
export const drawing = signal<{ readonly kind: Kind; readonly points: readonly Point[] } | undefined>(undefined);

/** A click this close to the first corner (as a share of the picture) closes the shape. */
const closeDistance = 0.03;

/** Adds the shape that is being drawn, if it has three corners. */
export function finishDrawing() {
  const drawn = drawing.value;
  drawing.value = undefined;
  if (drawn !== undefined && drawn.points.length >= 3) addShape(drawn.kind, [...drawn.points]);
}

/** Adds a corner to the shape that is being drawn; a click on the first corner closes it. */
export function addCorner(point: Point) {
  if (drawing.value === undefined) return;
  const { kind, points } = drawing.value;
  const [first] = points;
  const closes = first && Math.hypot(first[0] - point[0], first[1] - point[1]) < closeDistance;
  if (closes && points.length >= 3) finishDrawing();
  else if (!closes) drawing.value = { kind, points: [...points, point] };
}
