import { access, mkdir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { chooseRemovals } from '../../domain/snapshots/retention.js';
import { placeFile } from './place-file.js';
import { type OpenRecords, openSnapshotRecords } from './snapshot-records.js';
import { syncFolders } from './sync-folders.js';

/** How much of the disk snapshots may use, and when the records of removed ones are forgotten. */
export type SnapshotLimits = {
  readonly keepSeconds: number;
  readonly maxBytes: number;
  /** space to leave free on the disk, but at most a twentieth of the disk */
  readonly minFreeBytes: number;
  /** for this long after it was taken, a removed snapshot is `gone` rather than `unknown` */
  readonly forgetAfterSeconds: number;
};

/** The pictures that a detector keeps until they are archived, and a while longer. Touches only files in its records. */
export type SnapshotFolder = {
  /** Keeps a picture; it is durable when this resolves. Rejects on a full, nearly full or read-only disk. */
  keep(id: string, jpeg: Uint8Array, takenAt: number): Promise<void>;
  find(id: string): Promise<{ readonly path: string; readonly bytes: number } | 'gone' | 'unknown'>;
  /** To be called when no uploader needs the snapshot any more: it is archived, or never will be. */
  settle(id: string): Promise<void>;
  /**
   * Removes snapshots according to the limits; resolves with those that still had to be uploaded. Once `signal` is aborted,
   * the rest is left to the next sweep.
   */
  sweep(now: number, signal?: AbortSignal): Promise<readonly string[]>;
  /** number of pictures on the disk */
  readonly count: number;
};

/** Opens the folder. A picture is recorded before it is written, so every picture on the disk is in the records. */
export async function openSnapshotFolder(
  folder: string,
  openRecords: OpenRecords,
  limits: SnapshotLimits,
): Promise<SnapshotFolder> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const records = await openSnapshotRecords(openRecords);
  const { present } = records;
  const pathOf = (id: string) => join(folder, `${id}.jpg`);
  const draftOf = (id: string) => `${pathOf(id)}.part`;
  const removePicture = (id: string) => records.remove(id, () => rm(pathOf(id), { force: true }));

  // A kill between the record and the picture leaves the record alone: that snapshot has not been announced.
  for (const id of present.keys()) {
    if (await exists(pathOf(id))) continue;
    await removePicture(id);
    await rm(draftOf(id), { force: true });
  }

  return {
    async keep(id, jpeg, takenAt) {
      const { freeBytes, minFreeBytes } = await diskSpace(folder, limits);
      if (freeBytes - jpeg.length < minFreeBytes) {
        const megabytes = Math.round(freeBytes / 1e6);
        throw Object.assign(new Error(`only ${megabytes} MB are free on the disk of ${folder}`), { code: 'ENOSPC' });
      }
      await records.add(id, { bytes: jpeg.length, takenAt, state: 'kept' });
      try {
        await placeFile(pathOf(id), jpeg, draftOf(id));
        await syncFolders(folder);
      } catch (error) {
        await records.cancel(id).catch(() => undefined);
        throw error;
      }
    },
    find(id) {
      const found = present.get(id);
      if (found !== undefined) return Promise.resolve({ path: pathOf(id), bytes: found.bytes });
      return Promise.resolve(records.has(id) ? 'gone' : 'unknown');
    },
    settle: records.settle,
    async sweep(now, signal) {
      const stored = [...present].map(([id, { bytes, takenAt, state }]) => {
        return { id, bytes, takenAt, settled: state === 'settled' };
      });
      const { keepSeconds, maxBytes, forgetAfterSeconds } = limits;
      const rule = { keepSeconds, maxBytes, ...(await diskSpace(folder, limits)) };
      const { settled, forced } = chooseRemovals(stored, now, rule);
      for (const id of [...settled, ...forced]) if (signal?.aborted !== true) await removePicture(id);
      await records.forgetRemoved(now, forgetAfterSeconds, signal);
      return forced.filter((id) => !present.has(id));
    },
    get count() {
      return present.size;
    },
  };
}

async function diskSpace(folder: string, limits: SnapshotLimits) {
  const { bavail, blocks, bsize } = await statfs(folder);
  return { freeBytes: bavail * bsize, minFreeBytes: Math.min(limits.minFreeBytes, (blocks * bsize) / 20) };
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
