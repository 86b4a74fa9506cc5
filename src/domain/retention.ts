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
 * Which snapshots go. Age removes only what is settled. For room, the settled go first, then the others, each the oldest
 * first, until the rest fits the limit and the disk has its floor of free space again.
 */
export function chooseRemovals(kept: readonly Keepsake[], now: number, rule: RetentionRule): Removals {
  const byAge = kept.toSorted((one, other) => one.takenAt - other.takenAt);
  const settled: string[] = [];
  const forced: string[] = [];
  let excess = Math.max(
    kept.reduce((sum, { bytes }) => sum + bytes, 0) - rule.maxBytes,
    rule.floorBytes - rule.freeBytes,
  );
  for (const { id, bytes, takenAt, settled: isSettled } of byAge) {
    if (!isSettled || (excess <= 0 && now - takenAt < rule.keepSeconds)) continue;
    settled.push(id);
    excess -= bytes;
  }
  for (const { id, bytes, settled: isSettled } of byAge) {
    if (excess <= 0) break;
    if (isSettled) continue;
    forced.push(id);
    excess -= bytes;
  }
  return { settled, forced };
}
