import { zones as zonesSchema, type Zones } from '../../domain/page/payloads.js';
import type { Zone } from '../../domain/zones/zone.js';
import { openStoredValue, type StoredValue, type StoredValueNeeds } from './stored-value.js';

/** The zones of a room: as configured, until others are drawn on the page. */
export type ZonesKeeper = StoredValue<Zones>;

/** Reads the zones that an earlier run stored; what no longer fits counts as never drawn. */
export function openZonesKeeper(configured: readonly Zone[], needs: StoredValueNeeds<Zones>): Promise<ZonesKeeper> {
  const zones = configured.map(({ name, polygon }) => {
    return { name, polygon: polygon.map(([x, y]): [number, number] => [x, y]) };
  });
  return openStoredValue('zones', zones, (json) => zonesSchema.safeParse(json).data, needs);
}
