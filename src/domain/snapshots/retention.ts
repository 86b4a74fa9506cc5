/** A kept snapshot, as far as its removal depends on it. */
export type Keepsake = {
  readonly id: string;
  readonly bytes: number;
  /** seconds since the Unix epoch */
  readonly takenAt: number;
  /** it is in the archive, or will never be: nobody waits for it any more */
  readonly settled: boolean;
};

/** The limits, and the disk as it is. */
export type RetentionRule = {
  readonly keepSeconds: number;
  readonly maxBytes: number;
  /** free space of the disk, and how much of it is to stay free */
  readonly freeBytes: number;
  readonly floorBytes: number;
};

/** What to remove, each the oldest first. */
export type Removals = {
  /** to remove; nobody waits for these */
  readonly settled: readonly string[];
  /** to remove although they are still to be uploaded: the limits leave no other way, and it has to be said */
  readonly forced: readonly string[];
};

/**
 * Which snapshots go. Age removes only what is settled, and so does a disk that fills up: what is still to be uploaded
 * is not given away for other programs' files. For the limit of our own the settled go first, then the others. Always
 * the oldest first.
 */
export function chooseRemovals(kept: readonly Keepsake[], now: number, rule: RetentionRule): Removals {
  const byAge = kept.toSorted((one, other) => one.takenAt - other.takenAt);
  const settled: string[] = [];
  const forced: string[] = [];
  let excess = kept.reduce((sum, { bytes }) => sum + bytes, 0) - rule.maxBytes;
  let missing = rule.floorBytes - rule.freeBytes;
  for (const { id, bytes, takenAt, settled: isSettled } of byAge) {
    if (!isSettled || (excess <= 0 && missing <= 0 && now - takenAt < rule.keepSeconds)) continue;
    settled.push(id);
    excess -= bytes;
    missing -= bytes;
  }
  for (const { id, bytes, settled: isSettled } of byAge) {
    if (excess <= 0) break;
    if (isSettled) continue;
    forced.push(id);
    excess -= bytes;
  }
  return { settled, forced };
}
