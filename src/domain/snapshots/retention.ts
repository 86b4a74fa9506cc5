/** What the removal of a stored snapshot depends on. */
export type StoredSnapshot = {
  readonly id: string;
  readonly bytes: number;
  /** seconds since the Unix epoch */
  readonly takenAt: number;
  /** it is in the archive, or never will be: no uploader needs it any more */
  readonly settled: boolean;
};

/** The limits, and the state of the disk. */
export type RetentionRule = {
  readonly keepSeconds: number;
  readonly maxBytes: number;
  /** free space of the disk */
  readonly freeBytes: number;
  /** how much of the disk has to stay free */
  readonly minFreeBytes: number;
};

/** The snapshots to remove, each list with the oldest first. */
export type Removals = {
  /** no uploader needs these any more */
  readonly settled: readonly string[];
  /** still to be uploaded, but the limit leaves no other choice; this has to be logged */
  readonly forced: readonly string[];
};

/**
 * Chooses the snapshots to remove, the oldest first. Age and a disk that fills up remove only settled ones: a picture that
 * is still to be uploaded does not give way to other programs' files. `maxBytes` removes settled ones first, then others.
 */
export function chooseRemovals(stored: readonly StoredSnapshot[], now: number, rule: RetentionRule): Removals {
  const byAge = stored.toSorted((one, other) => one.takenAt - other.takenAt);
  const settled: string[] = [];
  const forced: string[] = [];
  let excessBytes = stored.reduce((sum, { bytes }) => sum + bytes, 0) - rule.maxBytes;
  let missingBytes = rule.minFreeBytes - rule.freeBytes;
  for (const { id, bytes, takenAt, settled: isSettled } of byAge) {
    if (!isSettled || (excessBytes <= 0 && missingBytes <= 0 && now - takenAt < rule.keepSeconds)) continue;
    settled.push(id);
    excessBytes -= bytes;
    missingBytes -= bytes;
  }
  for (const { id, bytes, settled: isSettled } of byAge) {
    if (excessBytes <= 0) break;
    if (isSettled) continue;
    forced.push(id);
    excessBytes -= bytes;
  }
  return { settled, forced };
}
