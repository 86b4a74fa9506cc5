import { access, mkdir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { chooseRemovals } from '../../domain/snapshots/retention.js';
import { syncFolders } from './sync-folders.js';
import { placeFile } from './place-file.js';

/** What the store remembers of a snapshot it has kept, also for a while after it was removed. */
export const keptSnapshot = z.object({
  bytes: z.number(),
  takenAt: z.number(),
  state: z.enum(['kept', 'settled', 'removed']),
});
export type KeptSnapshot = z.infer<typeof keptSnapshot>;

/** Durable records by id in the order they were made; a spool is one. */
type Index = {
  put(id: string, record: KeptSnapshot): Promise<void>;
  remove(id: string): Promise<void>;
  read(id: string): Promise<KeptSnapshot | undefined>;
  has(id: string): boolean;
  keys(): IterableIterator<string>;
};

/** How much of the disk snapshots may take, and how long removed ones are remembered. */
export type SnapshotLimits = {
  readonly keepSeconds: number;
  readonly maxBytes: number;
  /** what stays free on the disk, but never more than a twentieth of it */
  readonly floorBytes: number;
  /** removed snapshots are remembered so long after they were taken, to answer that they are gone */
  readonly rememberSeconds: number;
};

/** The pictures a detector keeps until they are archived, and somewhat longer. Touches only files it has recorded. */
export type SnapshotFolder = {
  /** Keeps a picture; on the disk for good when this resolves. Rejects on a full, nearly full or read-only disk. */
  keep(id: string, jpeg: Uint8Array, takenAt: number): Promise<void>;
  find(id: string): Promise<{ readonly path: string; readonly bytes: number } | 'gone' | 'unknown'>;
  /** Learns that nobody waits for this one any more: it is archived, or never will be. */
  settle(id: string): Promise<void>;
  /** Removes what the limits say, and answers which were still to be uploaded. */
  sweep(now: number): Promise<readonly string[]>;
  /** pictures on the disk */
  readonly count: number;
};

/**
 * A picture is recorded before it is written, so that none is left on the disk that nobody knows of. Removed ones, a busy
 * week's tens of thousands, are in the index alone.
 */
export async function openSnapshotFolder(
  folder: string,
  index: Index,
  limits: SnapshotLimits,
): Promise<SnapshotFolder> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const present = new Map<string, KeptSnapshot>();
  for (const id of index.keys()) {
    const record = await index.read(id);
    if (record !== undefined && record.state !== 'removed') present.set(id, record);
  }
  const pathOf = (id: string) => join(folder, `${id}.jpg`);
  const space = async () => {
    const { bavail, blocks, bsize } = await statfs(folder);
    return { freeBytes: bavail * bsize, floorBytes: Math.min(limits.floorBytes, (blocks * bsize) / 20) };
  };

  // A kill between the record and the picture leaves the record alone: nobody has heard of that snapshot yet.
  for (const id of present.keys()) {
    if (await exists(pathOf(id))) continue;
    await takeAway(id);
    await rm(`${pathOf(id)}.part`, { force: true });
  }

  async function record(id: string, next: KeptSnapshot): Promise<void> {
    await index.put(id, next);
    present.set(id, next);
  }

  async function takeAway(id: string): Promise<void> {
    const before = present.get(id);
    if (before === undefined) return;
    await rm(pathOf(id), { force: true });
    await index.put(id, { ...before, state: 'removed' });
    present.delete(id);
  }

  /** The oldest come first; those of a clock that was ahead, wherever they are, hold up nobody. */
  async function forgetRemoved(now: number): Promise<void> {
    for (const id of index.keys()) {
      if (present.has(id)) continue;
      const takenAt = (await index.read(id))?.takenAt ?? 0;
      if (now - takenAt >= limits.rememberSeconds) await index.remove(id);
      else if (takenAt <= now) return;
    }
  }

  return {
    async keep(id, jpeg, takenAt) {
      const { freeBytes, floorBytes } = await space();
      if (freeBytes - jpeg.length < floorBytes) {
        const left = Math.round(freeBytes / 1e6);
        throw Object.assign(new Error(`only ${left} MB are free on the disk of ${folder}`), { code: 'ENOSPC' });
      }
      await record(id, { bytes: jpeg.length, takenAt, state: 'kept' });
      try {
        await placeFile(pathOf(id), jpeg, `${pathOf(id)}.part`);
        await syncFolders(folder, folder);
      } catch (error) {
        present.delete(id);
        await index.remove(id).catch(() => undefined);
        throw error;
      }
    },
    find(id) {
      const found = present.get(id);
      if (found !== undefined) return Promise.resolve({ path: pathOf(id), bytes: found.bytes });
      return Promise.resolve(index.has(id) ? 'gone' : 'unknown');
    },
    async settle(id) {
      const found = present.get(id);
      if (found?.state === 'kept') await record(id, { ...found, state: 'settled' });
    },
    async sweep(now) {
      const kept = [...present].map(([id, { bytes, takenAt, state }]) => ({
        id,
        bytes,
        takenAt,
        settled: state === 'settled',
      }));
      const { keepSeconds, maxBytes } = limits;
      const { settled, forced } = chooseRemovals(kept, now, { keepSeconds, maxBytes, ...(await space()) });
      for (const id of [...settled, ...forced]) await takeAway(id);
      await forgetRemoved(now);
      return forced;
    },
    get count() {
      return present.size;
    },
  };
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
