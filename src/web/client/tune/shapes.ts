import { signal } from '@preact/signals';
import { draft } from './draft.js';
import type { Polygon } from './mask-shape.js';

/** What is drawn on the picture. */
export type Kind = 'mask' | 'zone';
/** One of the drawn shapes. */
export type Shape = { readonly kind: Kind; readonly index: number };

/** The polygons of one kind. */
export function polygonsOf(kind: Kind): readonly Polygon[] {
  return kind === 'mask' ? draft.masks.value : draft.zones.value.map(({ polygon }) => polygon);
}

/** The shape that was added last, until it has the focus: the arrow keys then move it. */
export const added = signal<Shape | undefined>(undefined);

/** Adds a shape; a zone gets the first free name of `zone-1`, `zone-2`, … */
export function addShape(kind: Kind, polygon: Polygon) {
  added.value = { kind, index: polygonsOf(kind).length };
  if (kind === 'mask') return draft.setMasks([...draft.masks.value, polygon]);
  const zones = draft.zones.value;
  const names = zones.map(({ name }) => name);
  const numbers = Array.from({ length: zones.length + 1 }, (_, n) => `zone-${n + 1}`);
  const name = numbers.find((one) => !names.includes(one)) ?? '';
  draft.setZones([...zones, { name, polygon }]);
}

/** Changes a shape, or removes it if there is no polygon. */
export function changeShape({ kind, index }: Shape, polygon: Polygon | undefined) {
  if (kind === 'mask') {
    const masks = draft.masks.value;
    draft.setMasks(polygon === undefined ? masks.toSpliced(index, 1) : masks.with(index, polygon));
    return;
  }
  const zones = draft.zones.value;
  const zone = zones[index];
  if (zone === undefined) return;
  draft.setZones(polygon === undefined ? zones.toSpliced(index, 1) : zones.with(index, { ...zone, polygon }));
}
