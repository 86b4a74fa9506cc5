import { join } from 'node:path';
import { keptSnapshot, openSnapshotFolder, type SnapshotFolder } from '../adapters/files/snapshot-folder.js';
import { openSpool } from '../adapters/files/spool.js';
import type { NewSnapshot } from './make-snapshot.js';
import { snapshotReceipt } from '../domain/contract/payloads.js';
import { createOutbox, type Outbox } from '../pipelines/detector/outbox.js';
import type { CloseStack } from '../runtime/process/close-stack.js';
import type { Config } from '../runtime/config/config.js';
import type { Log } from '../runtime/log.js';

/** What stays free on the disk, whatever `snapshots.max_megabytes` allows. */
const floorBytes = 200e6;

/** What a detector has on its disk: the pictures, and the receipts that tell of them. */
export type DetectorStore = {
  readonly snapshots: SnapshotFolder;
  readonly outbox: Outbox;
  /** Makes a picture and its receipt durable, in this order; false where the disk does not let it. */
  keep(snapshot: NewSnapshot, takenAt: number): Promise<boolean>;
  /** Removes what the limits say. */
  sweep(at: number): Promise<void>;
};

/**
 * Opens the store of one room. Trouble with the disk is logged once, until it is over.
 * @param rememberSeconds removed snapshots are known so long, to answer that they are gone
 * @param clock seconds that only ever grow
 */
export async function openDetectorStore(
  config: Config['snapshots'],
  folder: string,
  rememberSeconds: number,
  clock: () => number,
  diskSaid: (error: unknown) => boolean,
  log: Pick<Log, 'warn' | 'error'>,
  opened: CloseStack,
): Promise<DetectorStore> {
  const outbox = createOutbox(opened.use(await openSpool(join(folder, 'outbox'), snapshotReceipt)), clock);
  const snapshots = await openSnapshotFolder(
    join(folder, 'snapshots'),
    opened.use(await openSpool(join(folder, 'snapshot-index'), keptSnapshot)),
    {
      keepSeconds: config.keep_hours * 3600,
      maxBytes: config.max_megabytes * 1e6,
      floorBytes,
      rememberSeconds,
    },
  );
  return {
    snapshots,
    outbox,
    async keep({ jpeg, receipt }, takenAt) {
      try {
        await snapshots.keep(receipt.id, jpeg, takenAt);
        await outbox.put(receipt);
        diskSaid(undefined);
        return true;
      } catch (error) {
        if (diskSaid(error)) log.error({ err: error }, 'a snapshot cannot be kept');
        return false;
      }
    },
    async sweep(at) {
      try {
        const forced = await snapshots.sweep(at);
        if (forced.length > 0)
          log.warn({ snapshots: forced }, 'no room left: removed snapshots that were not uploaded');
        // What the store has forgotten nobody can fetch any more.
        for (const id of outbox.unsettled()) if ((await snapshots.find(id)) === 'unknown') await outbox.settle(id);
      } catch (error) {
        if (diskSaid(error)) log.error({ err: error }, 'old snapshots cannot be removed');
      }
    },
  };
}
