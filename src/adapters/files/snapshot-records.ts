import * as z from 'zod';
import { snapshotFacts } from '../../domain/contract/payloads.js';
import type { ArchiveKind } from '../../domain/uploads/archive.js';

/** What is recorded of a snapshot, also for a while after its picture is removed. */
export const snapshotRecord = z.object({
  bytes: z.number(),
  /** in seconds; of a picture that is gone before an uploader had it: when that was found */
  takenAt: z.number(),
  state: z.enum(['kept', 'settled', 'removed']),
  /** the room of its receipt, which a renamed room no longer has */
  room: z.string().optional(),
  /** a second copy of the receipt in the outbox, as long as that one is needed */
  facts: snapshotFacts.optional(),
  /** with `removed`: no uploader needs it any more */
  ended: z.boolean().optional(),
  /** where an uploader has archived it, as it said with its signature */
  archived: z.enum(['dropbox', 'folder']).optional(),
});
/** See `snapshotRecord`. */
export type SnapshotRecord = z.infer<typeof snapshotRecord>;
/** What the memory holds of a snapshot whose picture is present. */
export type PresentSnapshot = Pick<SnapshotRecord, 'bytes' | 'takenAt' | 'state' | 'room' | 'archived'>;

/** Durable records by id, in the order in which the snapshots were taken; a spool fits. */
type Records = {
  put(id: string, record: SnapshotRecord): Promise<void>;
  remove(id: string): Promise<void>;
  read(id: string): Promise<SnapshotRecord | undefined>;
  has(id: string): boolean;
  keys(): IterableIterator<string>;
};
/** Opens the records and passes on their history: each record that was put, undefined for one that was removed. */
export type OpenRecords = (onEntry: (id: string, record: SnapshotRecord | undefined) => void) => Promise<Records>;

/** The records of all snapshots, on disk; in memory only those whose picture is present. */
export type SnapshotRecords = {
  readonly present: ReadonlyMap<string, PresentSnapshot>;
  /** snapshots that an uploader still has to hear of, with their pictures or without */
  readonly unsettled: ReadonlySet<string>;
  /** Whether the snapshot is present, or was removed and is not forgotten yet. */
  has(id: string): boolean;
  /** ids of all records */
  keys(): IterableIterator<string>;
  /** The full record of a snapshot. */
  read(id: string): Promise<SnapshotRecord | undefined>;
  add(id: string, record: SnapshotRecord): Promise<void>;
  settle(id: string, archived?: ArchiveKind): Promise<void>;
  /** Runs `deletePicture` and marks the snapshot as removed at `now`. If either fails, it is present again. */
  remove(id: string, now: number, deletePicture: () => Promise<void>): Promise<void>;
  /** Forgets removed snapshots that were taken more than `seconds` before `now`, until `signal` is aborted. */
  forgetRemoved(now: number, seconds: number, signal?: AbortSignal): Promise<void>;
};

/** Opens the records. */
export async function openSnapshotRecords(openRecords: OpenRecords): Promise<SnapshotRecords> {
  const present = new Map<string, PresentSnapshot>();
  const removing = new Map<string, PresentSnapshot>();
  const unsettled = new Set<string>();
  const note = (id: string, record: SnapshotRecord | undefined) => {
    if (record === undefined || record.state === 'removed') present.delete(id);
    else present.set(id, withoutFacts(record));
    if (isUnsettled(record)) unsettled.add(id);
    else unsettled.delete(id);
  };
  const records = await openRecords(note);

  return {
    ...{ present, unsettled },
    has: (id) => records.has(id),
    keys: () => records.keys(),
    read: (id) => records.read(id),
    async add(id, record) {
      await records.put(id, record);
      note(id, record);
    },
    async settle(id, archived) {
      const before = present.get(id);
      const leaving = removing.get(id);
      if (leaving !== undefined) removing.set(id, { ...leaving, state: 'settled', archived });
      else if (before === undefined && unsettled.has(id)) await markEnded(id, archived);
      unsettled.delete(id);
      if (before?.state !== 'kept') return;
      const settled = { ...before, state: 'settled', archived } as const;
      // In memory first: a removal that begins during the write must have the last word.
      present.set(id, settled);
      try {
        await records.put(id, settled);
      } catch (cause) {
        unsettled.add(id);
        if (present.get(id) === settled) present.set(id, before);
        throw cause;
      }
    },
    async remove(id, now, deletePicture) {
      const before = present.get(id);
      if (before === undefined) return;
      removing.set(id, before);
      present.delete(id);
      try {
        await deletePicture();
        const facts = before.state === 'kept' ? (await records.read(id))?.facts : undefined;
        const leaving = removing.get(id) ?? before;
        await records.put(id, removedRecord(leaving, now, facts));
        const left = removing.get(id);
        if (left?.state === 'settled' && leaving.state !== 'settled') await markEnded(id, left.archived);
      } catch (cause) {
        present.set(id, removing.get(id) ?? before);
        throw cause;
      } finally {
        removing.delete(id);
      }
    },
    // The oldest come first. One taken while the clock was ahead must not keep the others.
    async forgetRemoved(now, seconds, signal) {
      for (const id of records.keys()) {
        if (signal?.aborted === true) return;
        if (present.has(id)) continue;
        const takenAt = (await records.read(id))?.takenAt ?? 0;
        if (now - takenAt >= seconds) {
          unsettled.delete(id);
          await records.remove(id);
        } else if (takenAt <= now) return;
      }
    },
  };

  async function markEnded(id: string, archived: ArchiveKind | undefined): Promise<void> {
    const record = await records.read(id);
    if (record?.state === 'removed') await records.put(id, { ...withoutFacts(record), ended: true, archived });
  }
}

function removedRecord(leaving: PresentSnapshot, now: number, facts: SnapshotRecord['facts']): SnapshotRecord {
  const state = 'removed';
  return leaving.state === 'settled' ? { ...leaving, state, ended: true } : { ...leaving, takenAt: now, state, facts };
}

function isUnsettled(record: SnapshotRecord | undefined): boolean {
  // A removed one of an earlier version, without facts, cannot be announced.
  return record?.state === 'kept' || (record?.state === 'removed' && record.facts !== undefined);
}

function withoutFacts({ bytes, takenAt, state, room, facts, archived }: SnapshotRecord): PresentSnapshot {
  return { bytes, takenAt, state, room: room ?? facts?.room, archived };
}
