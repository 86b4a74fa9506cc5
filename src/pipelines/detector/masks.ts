import { masks as masksSchema, type Masks } from '../../domain/page/payloads.js';
import { openStoredValue, type StoredValue, type StoredValueNeeds } from './stored-value.js';

/** The masks of a room: as configured, until others are drawn on the page. */
export type MasksKeeper = StoredValue<Masks>;

/** As the configuration has them: read-only. */
type Configured = readonly (readonly (readonly [number, number])[])[];

/** Reads the masks that an earlier run stored; what no longer fits counts as never drawn. */
export function openMasksKeeper(configured: Configured, needs: StoredValueNeeds<Masks>): Promise<MasksKeeper> {
  const masks = configured.map((polygon) => polygon.map(([x, y]): [number, number] => [x, y]));
  return openStoredValue('masks', masks, (json) => masksSchema.safeParse(json).data, needs);
}
