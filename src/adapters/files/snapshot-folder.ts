import { link, mkdir, readdir, readFile, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { id as snapshotId, type SnapshotFacts } from '../../domain/contract/payloads.js';
import { wallSeconds } from '../../async/clock.js';
import type { ArchiveKind } from '../../domain/uploads/archive.js';
import { chooseRemovals } from '../../domain/snapshots/retention.js';
import { placeFile } from './place-file.js';
import {
  type OpenRecords,
  openSnapshotRecords,
  type SnapshotRecord,
  type SnapshotRecords,
} from './snapshot-records.js';
import { syncFolders } from './sync-folders.js';
import { hasCode } from './system-error.js';

/** How much of the disk snapshots may use, and when the records of removed ones are forgotten. */
export type SnapshotLimits = {
  readonly keepSeconds: number;
  readonly maxBytes: number;
  /** space to leave free on the disk, but at most a twentieth of the disk */
  readonly minFreeBytes: number;
  /** for this long after it was taken, a removed snapshot is `gone` rather than `unknown` */
  readonly forgetAfterSeconds: number;
};

/** The pictures that a detector keeps until they are archived, and a while longer. Touches only files named `<id>.jpg`. */
export type SnapshotFolder = {
  /**
   * Keeps a picture and a copy of its facts; it is durable when this resolves. Rejects on a full, nearly full or read-only
   * disk.
   */
  keep(id: string, jpeg: Uint8Array, takenAt: number, facts?: SnapshotFacts): Promise<void>;
  find(id: string): Promise<{ readonly path: string; readonly bytes: number } | 'gone' | 'unknown'>;
  /**
   * To be called when no uploader needs the snapshot any more: it is archived, or never will be.
   * @param archived where it is archived, if that is certain
   */
  settle(id: string, archived?: ArchiveKind): Promise<void>;
  /**
   * Removes snapshots according to the limits; resolves with those that still had to be uploaded. Once `signal` is aborted,
   * the rest is left to the next sweep.
   */
  sweep(now: number, signal?: AbortSignal): Promise<readonly string[]>;
  /** number of pictures on the disk */
  readonly count: number;
  /** pictures found at the start that the records do not know, or take for gone */
  readonly strays: readonly string[];
  /** Reads the file of a picture; undefined if it is not there. */
  readPicture(id: string): Promise<Buffer | undefined>;
  /** Makes the record of a stray. */
  adopt(facts: SnapshotFacts): Promise<void>;
  /** unsettled snapshots whose pictures were found to be gone at the start */
  readonly missing: readonly string[];
  /** Records that a snapshot's picture was found to be gone at `now`. */
  recordLoss(facts: SnapshotFacts, now: number): Promise<void>;
  /** snapshots that an uploader still has to hear of */
  unsettled(): IterableIterator<string>;
  /** Whether the records say that an uploader has reported on the snapshot. */
  hasEnded(id: string): Promise<boolean>;
  /** The record of a snapshot; it has the facts as long as the snapshot is unsettled. */
  recordOf(id: string): Promise<SnapshotRecord | undefined>;
  /** ids of all records, of removed pictures too */
  ids(): IterableIterator<string>;
  /**
   * Takes over snapshots of another folder on the same disk, which is left as it is. What was taken over before is passed over,
   * so this can be done again after a kill.
   */
  takeOver(snapshots: readonly ForeignSnapshot[]): Promise<void>;
};

/** A snapshot of another folder; `path` is undefined where its picture is gone. */
export type ForeignSnapshot = {
  readonly id: string;
  readonly record: SnapshotRecord;
  readonly path: string | undefined;
};

/**
 * Opens the folder. A picture is written before it is recorded: what a kill leaves in between is a stray, and a record without
 * its picture means that the disk has lost it.
 */
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
  const removePicture = (id: string, now: number) => records.remove(id, now, () => rm(pathOf(id), { force: true }));

  const { pictures, drafts } = await listFolder(folder);
  for (const id of drafts) await rm(draftOf(id), { force: true });
  // A picture that was gone may be back, on a disk that was not mounted.
  const isStray = (id: string) => !records.has(id) || (!present.has(id) && records.unsettled.has(id));
  const strays = [...pictures].filter((id) => snapshotId.safeParse(id).success && isStray(id));
  const gone = [...present.keys()].filter((id) => !pictures.has(id));
  const missing = gone.filter((id) => present.get(id)?.state === 'kept');
  for (const id of gone) await removePicture(id, wallSeconds());

  return {
    ...{ strays, missing },
    readPicture: (id) =>
      readFile(pathOf(id)).catch((error: unknown) => {
        if (hasCode(error, 'ENOENT', 'EISDIR')) return undefined;
        throw error;
      }),
    async adopt(facts) {
      const takenAt = Date.parse(facts.taken_at) / 1000;
      await records.add(facts.id, { bytes: facts.bytes, takenAt, state: 'kept', facts });
    },
    recordLoss: (facts, now) => records.add(facts.id, { bytes: 0, takenAt: now, state: 'removed', facts }),
    unsettled: () => records.unsettled.values(),
    async hasEnded(id) {
      const found = present.get(id);
      return found === undefined ? (await records.read(id))?.ended === true : found.state === 'settled';
    },
    recordOf: records.read,
    ids: records.keys,
    takeOver: (snapshots) => takeOver(folder, records, snapshots),
    async keep(id, jpeg, takenAt, facts) {
      const { freeBytes, minFreeBytes } = await diskSpace(folder, limits);
      if (freeBytes - jpeg.length < minFreeBytes) {
        const megabytes = Math.round(freeBytes / 1e6);
        throw Object.assign(new Error(`only ${megabytes} MB are free on the disk of ${folder}`), { code: 'ENOSPC' });
      }
      try {
        await placeFile(pathOf(id), jpeg, draftOf(id));
        await syncFolders(folder);
        await records.add(id, { bytes: jpeg.length, takenAt, state: 'kept', facts });
      } catch (error) {
        await rm(pathOf(id), { force: true }).catch(() => undefined);
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
      for (const id of [...settled, ...forced]) if (signal?.aborted !== true) await removePicture(id, now);
      await records.forgetRemoved(now, forgetAfterSeconds, signal);
      return forced.filter((id) => !present.has(id));
    },
    get count() {
      return present.size;
    },
  };
}

async function takeOver(folder: string, records: SnapshotRecords, all: readonly ForeignSnapshot[]): Promise<void> {
  const snapshots = all.filter(({ id }) => !records.has(id));
  for (const { id, path } of snapshots) {
    if (path === undefined) continue;
    await link(path, join(folder, `${id}.jpg`)).catch((error: unknown) => {
      if (!hasCode(error, 'EEXIST')) throw error;
    });
  }
  await syncFolders(folder);
  await Promise.all(snapshots.map(({ id, record }) => records.add(id, record)));
}

async function diskSpace(folder: string, limits: SnapshotLimits) {
  const { bavail, blocks, bsize } = await statfs(folder);
  return { freeBytes: bavail * bsize, minFreeBytes: Math.min(limits.minFreeBytes, (blocks * bsize) / 20) };
}

/** The ids of the files `<id>.jpg`, and of what a kill left of writing one. */
async function listFolder(folder: string) {
  const names = await readdir(folder);
  const withEnding = (ending: string) => {
    return names.flatMap((name) => (name.endsWith(ending) ? [name.slice(0, -ending.length)] : []));
  };
  return { pictures: new Set(withEnding('.jpg')), drafts: withEnding('.jpg.part') };
}
