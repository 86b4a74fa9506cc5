import { signal } from '@preact/signals';
import type { Point } from './mask-shape.js';

/** The corners clicked so far of a mask that is being drawn; undefined while none is. */
export const drawing = signal<readonly Point[] | undefined>(undefined);
