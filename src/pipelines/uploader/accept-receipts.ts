import type { Notifier } from '../../async/notifier.js';
import type { KeyedQueue } from '../../async/keyed-queue.js';
import { type SnapshotReceipt, toInstant, type UploadResult } from '../../domain/contract/payloads.js';
import type { Log } from '../../domain/log.js';
import { type BadReceipt, readReceipt } from '../../domain/uploads/read-receipt.js';
import { expiryOf, reportOf } from '../../domain/uploads/record.js';
import type { UploadSchedule } from '../../domain/uploads/schedule.js';

type Needs = {
  base: string;
  archive: UploadResult['archive'];
  queue: {
    has(id: string): boolean;
    read(id: string): Promise<SnapshotReceipt | undefined>;
    put(id: string, receipt: SnapshotReceipt): Promise<void>;
  };
  /** snapshots that have ended; a receipt of one of them is answered with its report once more */
  ended: { has(id: string): boolean };
  pendingReports: KeyedQueue;
  schedule: UploadSchedule;
  /** notified when a snapshot is added to the schedule */
  added: Notifier;
  isSigned: (url: string) => boolean;
  /** Publishes a result once, without keeping it. */
  publishRefusal: (result: UploadResult) => void;
  log: Log;
  now: () => number;
};

/** At most one warning about refused messages in this time; it counts those before it. */
const warnEverySeconds = 60;

/**
 * Makes the function that accepts messages of the snapshot topics. It resolves when the receipt is durable in the queue, or
 * need not be; it rejects on a full disk.
 */
export function createReceiptIntake(needs: Needs) {
  const { queue, ended, schedule, log } = needs;
  let lastWarned = -Infinity;
  let unwarned = 0;

  function refuse({ code, message, about }: BadReceipt, topic: string): void {
    if (needs.now() - lastWarned >= warnEverySeconds) {
      log.warn({ topic, code, message, more: unwarned }, 'refused a message that is not one of our receipts');
      lastWarned = needs.now();
      unwarned = 0;
    } else unwarned += 1;
    if (about === undefined) return;
    const outcome = { result: 'rejected', archive: needs.archive, path: null, content_hash: null } as const;
    const error = { code, message };
    const finished = { attempts: 0, finished_at: toInstant(needs.now()), error };
    needs.publishRefusal(reportOf({ ...about, bytes: 0 }, { ...outcome, ...finished }));
  }

  return async (message: { readonly topic: string; readonly payload: string }): Promise<void> => {
    const receipt = readReceipt(needs.base, message, needs.isSigned);
    if ('kind' in receipt) return refuse(receipt, message.topic);
    const { id } = receipt;
    if (ended.has(id)) return needs.pendingReports.add(id);
    if (queue.has(id)) {
      const queued = await queue.read(id);
      // A repeated receipt is of use only if its URL expires later.
      if (queued === undefined || expiryOf(queued.url) >= expiryOf(receipt.url)) return;
    }
    await queue.put(id, receipt);
    schedule.add(receipt);
    needs.added.notify();
  };
}
