import { occupants as occupantsSchema } from '../../domain/page/payloads.js';
import type { Occupant } from '../../domain/recognition/labels.js';
import { openStoredValue, type StoredValue, type StoredValueNeeds } from './stored-value.js';

/** What occupies a room (`recognition.occupied_by`): as configured, until it is changed on the page. */
export type OccupantsKeeper = StoredValue<readonly Occupant[]>;

/** Reads what an earlier run stored; what no longer fits counts as never chosen. */
export function openOccupantsKeeper(
  configured: readonly Occupant[],
  needs: StoredValueNeeds<readonly Occupant[]>,
): Promise<OccupantsKeeper> {
  return openStoredValue('occupied_by', configured, (json) => occupantsSchema.safeParse(json).data, needs);
}
