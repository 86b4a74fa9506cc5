import { join } from 'node:path';
import { createDamageLog } from '../adapters/files/damage-log.js';
import { openSpool, type Spool } from '../adapters/files/spool.js';
import { wallSeconds } from '../async/clock.js';
import { createKeyedQueue, type KeyedQueue } from '../async/keyed-queue.js';
import { createNotifier, type Notifier } from '../async/notifier.js';
import { type QueuedSnapshot, queuedSnapshot, type UploadResult } from '../domain/contract/payloads.js';
import { type UploadRecord, uploadRecord } from '../domain/uploads/record.js';
import { createUploadSchedule, type UploadSchedule } from '../domain/uploads/schedule.js';
import type { CloseStack } from '../runtime/process/close-stack.js';
import type { Log } from '../runtime/log.js';

/** What an uploader keeps on its disk, with what it derives from that in memory. */
export type UploadStore = {
  /** receipts of snapshots that are still to be archived */
  readonly queue: Spool<QueuedSnapshot>;
  /** when each of them is due */
  readonly schedule: UploadSchedule;
  /** notified when a snapshot is added to the schedule */
  readonly added: Notifier;
  /** results of snapshots that have ended, to recognise a repeated receipt */
  readonly ended: Spool<UploadRecord>;
  /** those of them whose report the broker has not acknowledged */
  readonly pendingReports: KeyedQueue;
  /** names of the files that were found damaged or missing */
  readonly damagedFiles: readonly string[];
  /** Moves a snapshot from the queue to those that have ended; rejects on a full disk. */
  finish(result: UploadResult): Promise<void>;
  /** Takes a snapshot out of the queue; if that cannot be written, it comes again at the next start. */
  drop(id: string): Promise<void>;
};

/** Results are kept up to this number and age. */
const keptResults = { count: 50_000, seconds: 30 * 24 * 3600 };

/**
 * Opens the store and continues where the last run stopped.
 * @param signal once it is aborted, opening ends with its reason
 */
export async function openUploadStore(
  folder: string,
  log: Pick<Log, 'warn'>,
  opened: CloseStack,
  signal: AbortSignal,
): Promise<UploadStore> {
  const damage = createDamageLog(log);
  await damage.noteMissing(['ended', 'queue'].map((name) => join(folder, name)));
  const onDamage = (name: string) => damage.onDamage(join(folder, name));
  const pendingReports = createKeyedQueue();
  const ended = await openSpool(join(folder, 'ended'), uploadRecord, {
    onEntry: (id, record) => (record?.reported === false ? pendingReports.add(id) : pendingReports.remove(id)),
    onDamage: onDamage('ended'),
    signal,
  });
  opened.use(ended);

  const schedule = createUploadSchedule(Math.random);
  const queue = await openSpool(join(folder, 'queue'), queuedSnapshot, {
    onEntry: (id, receipt) => (receipt === undefined || ended.has(id) ? schedule.remove(id) : schedule.add(receipt)),
    onDamage: onDamage('queue'),
    signal,
  });
  opened.use(queue);

  /** If this cannot be written, the next start does it, or finds the snapshot in the queue. */
  const unqueue = (id: string) => queue.remove(id).catch(() => undefined);
  await Promise.all([...queue.keys()].filter((id) => ended.has(id)).map(unqueue));

  return {
    queue,
    schedule,
    added: createNotifier(),
    ended,
    pendingReports,
    damagedFiles: damage.files,
    drop: unqueue,
    async finish(result) {
      await ended.put(result.snapshot, { result, reported: false });
      await unqueue(result.snapshot);
      pendingReports.add(result.snapshot);
      await forgetOldest(ended);
    },
  };
}

/** Forgets the oldest results beyond the limits, up to the first one that is not reported. */
async function forgetOldest(ended: Spool<UploadRecord>): Promise<void> {
  for (const id of ended.keys()) {
    const tooOld = wallSeconds() - (ended.oldestAt() ?? Infinity) > keptResults.seconds;
    if (!tooOld && ended.size <= keptResults.count) return;
    if ((await ended.read(id))?.reported === false) return;
    await ended.remove(id).catch(() => undefined);
  }
}
