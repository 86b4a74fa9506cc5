import * as z from 'zod';

/** What is recorded of a snapshot, also for a while after its picture is removed. `takenAt` is in seconds. */
export const snapshotRecord = z.object({
  bytes: z.number(),
  takenAt: z.number(),
  state: z.enum(['kept', 'settled', 'removed']),
});
/** See `snapshotRecord`. */
export type SnapshotRecord = z.infer<typeof snapshotRecord>;

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
  readonly present: ReadonlyMap<string, SnapshotRecord>;
  /** Whether the snapshot is present, or was removed and is not forgotten yet. */
  has(id: string): boolean;
  add(id: string, record: SnapshotRecord): Promise<void>;
  /** Takes back `add`: there is no such snapshot. */
  cancel(id: string): Promise<void>;
  settle(id: string): Promise<void>;
  /** Runs `deletePicture` and marks the snapshot as removed. If either fails, it is present again. */
  remove(id: string, deletePicture: () => Promise<void>): Promise<void>;
  /** Forgets removed snapshots that were taken more than `seconds` before `now`, until `signal` is aborted. */
  forgetRemoved(now: number, seconds: number, signal?: AbortSignal): Promise<void>;
};

/** Opens the records. */
export async function openSnapshotRecords(openRecords: OpenRecords): Promise<SnapshotRecords> {
  const present = new Map<string, SnapshotRecord>();
  const removing = new Map<string, SnapshotRecord>();
  const records = await openRecords((id, record) => {
    if (record === undefined || record.state === 'removed') present.delete(id);
    else present.set(id, record);
  });

  return {
    present,
    has: (id) => records.has(id),
    async add(id, record) {
      await records.put(id, record);
      present.set(id, record);
    },
    async cancel(id) {
      present.delete(id);
      await records.remove(id);
    },
    async settle(id) {
      const before = present.get(id);
      const leaving = removing.get(id);
      if (leaving !== undefined) removing.set(id, { ...leaving, state: 'settled' });
      if (before?.state !== 'kept') return;
      const settled = { ...before, state: 'settled' } as const;
      // In memory first: a removal that begins during the write must have the last word.
      present.set(id, settled);
      try {
        await records.put(id, settled);
      } catch (cause) {
        if (present.get(id) === settled) present.set(id, before);
        throw cause;
      }
    },
    async remove(id, deletePicture) {
      const before = present.get(id);
      if (before === undefined) return;
      removing.set(id, before);
      present.delete(id);
      try {
        await deletePicture();
        await records.put(id, { ...before, state: 'removed' });
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
        if (now - takenAt >= seconds) await records.remove(id);
        else if (takenAt <= now) return;
      }
    },
  };
}
