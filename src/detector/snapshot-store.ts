import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createDamageLog } from '../adapters/files/damage-log.js';
import { openSnapshotFolder, type SnapshotFolder } from '../adapters/files/snapshot-folder.js';
import { snapshotRecord } from '../adapters/files/snapshot-records.js';
import { openSpool } from '../adapters/files/spool.js';
import { systemCode } from '../adapters/files/system-error.js';
import { type SnapshotFacts, snapshotFacts } from '../domain/contract/payloads.js';
import type { ArchiveKind } from '../domain/uploads/archive.js';
import { wallSeconds } from '../async/clock.js';
import { createOutbox, type Outbox } from '../pipelines/detector/outbox.js';
import type { CloseStack } from '../runtime/process/close-stack.js';
import type { Config } from '../runtime/config/config.js';
import type { Log } from '../runtime/log.js';
import { announceUnsettled, describeKept, mendStore, type Mended } from './mend-store.js';

/** Space to leave free on the disk, whatever `snapshots.max_megabytes` allows. */
const minFreeBytes = 200e6;

type FoundSnapshot =
  { readonly path: string; readonly bytes: number; readonly sha256: string | undefined } | 'gone' | 'unknown';

/** What a detector keeps on its disk: the pictures, and the receipts that announce them. */
export type SnapshotStore = {
  readonly snapshots: SnapshotFolder;
  readonly outbox: Outbox;
  /** what this run found damaged, and what it did about it */
  readonly mended: Mended;
  /** Finds a picture, and the SHA-256 that its file has to have. */
  find(id: string): Promise<FoundSnapshot>;
  /** Makes a picture and its receipt durable, in this order; false if the disk does not allow it. */
  keep(snapshot: { readonly jpeg: Uint8Array; readonly facts: SnapshotFacts }, takenAt: number): Promise<boolean>;
  /** Puts every unsettled snapshot into the outbox that is not there; resolves with their number. */
  announceUnsettled(): Promise<number>;
  /** A receipt in the outbox. */
  receiptOf(id: string): Promise<SnapshotFacts | undefined>;
  /** The room under which a snapshot was announced; undefined where that is not known. */
  roomOf(id: string): Promise<string | undefined>;
  /** Where an uploader says, with its signature, that it has archived a snapshot; undefined where that is not known. */
  archivedIn(id: string): Promise<ArchiveKind | undefined>;
  /** Removes snapshots according to the limits. */
  sweep(now: number): Promise<void>;
};

type Needs = {
  /** the room of pictures that do not say their own */
  readonly room: string;
  /** a removed snapshot is known as gone until this long after it was taken */
  readonly forgetAfterSeconds: number;
  readonly monotonicSeconds: () => number;
  /** Takes note of an answer of the disk, undefined for success; true if this is news of trouble, which is then logged. */
  readonly recordDisk: (error: unknown) => boolean;
  readonly log: Pick<Log, 'warn' | 'error'>;
  readonly opened: CloseStack;
  /** Once it is aborted, opening ends with its reason, and a sweep early. */
  readonly signal: AbortSignal;
};

/** Opens the store of one room. Trouble with the disk is logged once, until it is over; any other error is a bug. */
export async function openSnapshotStore(
  folder: string,
  config: Config['snapshots'],
  needs: Needs,
): Promise<SnapshotStore> {
  const { recordDisk, log, opened, signal } = needs;
  const outboxFile = join(folder, 'outbox');
  const indexFile = join(folder, 'snapshot-index');
  const damage = createDamageLog(log);
  const pictures = await readdir(join(folder, 'snapshots')).catch(() => []);
  await damage.noteMissing([outboxFile, indexFile], pictures.length > 0);
  const receipts = opened.use(
    await openSpool(outboxFile, snapshotFacts, { signal, onDamage: damage.onDamage(outboxFile) }),
  );
  const outbox = createOutbox(receipts, needs.monotonicSeconds);
  const snapshots = await openSnapshotFolder(
    join(folder, 'snapshots'),
    async (onEntry) => {
      const options = { onEntry, signal, onDamage: damage.onDamage(indexFile) };
      return opened.use(await openSpool(indexFile, snapshotRecord, options));
    },
    {
      keepSeconds: config.keep_hours * 3600,
      maxBytes: config.max_megabytes * 1e6,
      minFreeBytes,
      forgetAfterSeconds: needs.forgetAfterSeconds,
    },
  );
  const parts = { room: needs.room, snapshots, receipts, outbox };
  const found = await mendStore(parts, wallSeconds(), signal);
  if (found.announced_again + found.lost > 0)
    log.warn({ folder, ...found }, 'pictures and records did not match: announced again what no receipt spoke of');

  function recordTrouble(error: unknown, message: string): void {
    if (systemCode(error) === undefined) throw error;
    if (recordDisk(error)) log.error({ err: error }, message);
  }

  return {
    snapshots,
    outbox,
    mended: { files: damage.files, ...found },
    announceUnsettled: () => announceUnsettled(parts, signal),
    receiptOf: (id) => receipts.read(id),
    roomOf: async (id) => (await snapshots.recordOf(id).catch(() => undefined))?.room,
    archivedIn: async (id) => (await snapshots.recordOf(id).catch(() => undefined))?.archived,
    async find(id) {
      const found = await snapshots.find(id);
      if (typeof found === 'string') return found;
      // After it has ended, another uploader of a group may still ask; then the picture itself tells whether it is damaged.
      const facts = (await receipts.read(id).catch(() => undefined)) ?? (await describeKept(snapshots, id, needs.room));
      return { ...found, sha256: facts?.sha256 };
    },
    async keep({ jpeg, facts }, takenAt) {
      try {
        await snapshots.keep(facts.id, jpeg, takenAt, facts);
        await outbox.put(facts);
        recordDisk(undefined);
        return true;
      } catch (error) {
        recordTrouble(error, 'a snapshot cannot be kept');
        return false;
      }
    },
    async sweep(now) {
      try {
        const forced = await snapshots.sweep(now, signal);
        if (forced.length > 0)
          log.warn({ snapshots: forced }, 'no room left: removed snapshots that were not uploaded');
        await announceUnsettled(parts, signal);
        // A snapshot that the folder has forgotten cannot be downloaded any more.
        for (const id of outbox.unsettled()) if ((await snapshots.find(id)) === 'unknown') await outbox.settle(id);
      } catch (error) {
        recordTrouble(error, 'old snapshots cannot be removed');
      }
    },
  };
}
