import { signal } from '@preact/signals';
import type { Point } from './mask-shape.js';

/** The corners of the mask that is being drawn; undefined while none is drawn. */
export const drawing = signal<readonly Point[] | undefined>(undefined);
