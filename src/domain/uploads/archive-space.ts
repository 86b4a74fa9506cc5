/** What the pictures of a folder archive occupy. */
export type ArchiveUse = {
  readonly bytes: number;
  /** of the pictures archived within the last week */
  readonly weekBytes: number;
  /** age of the oldest picture, in days */
  readonly days: number;
  /** free space of the disk */
  readonly freeBytes: number;
};

/** `archive.keep_days` and `archive.max_gigabytes`. */
export type ArchiveLimits = { readonly keepDays?: number | undefined; readonly maxGigabytes?: number | undefined };

/** The detector takes no pictures with less on its disk. */
const reservedBytes = 200 * 1024 * 1024;

/**
 * In how many days the archive fills its disk at the rate of the last week; undefined if that takes more than a week, or if the
 * limits end its growth before.
 */
export function daysUntilFull(use: ArchiveUse, limits: ArchiveLimits): number | undefined {
  // A first backlog within hours is no rate.
  const perDay = use.weekBytes / Math.min(7, Math.max(1, use.days));
  const finalBytes = Math.min((limits.maxGigabytes ?? Infinity) * 1e9, (limits.keepDays ?? Infinity) * perDay);
  const room = Math.max(0, use.freeBytes - reservedBytes);
  if (perDay === 0 || finalBytes - use.bytes <= room) return undefined;
  const days = room / perDay;
  return days <= 7 ? days : undefined;
}

/** What has to go: pictures of all hours before `hour` (of the Unix epoch), and this many bytes of the oldest ones of `hour`. */
export type Excess = { readonly hour: number; readonly bytes: number };

/**
 * What has to go so that the rest is small enough; undefined if nothing.
 * @param byHour the bytes of the pictures by the hour in which they were archived
 */
export function excessOf(byHour: ReadonlyMap<number, number>, maxBytes: number): Excess | undefined {
  let excess = [...byHour.values()].reduce((sum, bytes) => sum + bytes, 0) - maxBytes;
  if (excess <= 0) return undefined;
  for (const [hour, bytes] of [...byHour].toSorted(([one], [other]) => one - other)) {
    if (bytes >= excess) return { hour, bytes: excess };
    excess -= bytes;
  }
  return undefined;
}
