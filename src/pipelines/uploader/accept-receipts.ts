import type { Notifier } from '../../async/notifier.js';
import type { KeyedQueue } from '../../async/keyed-queue.js';
import type { Throttle } from '../../async/throttle.js';
import { type QueuedSnapshot, queuedSnapshot, toInstant, type UploadResult } from '../../domain/contract/payloads.js';
import type { Log } from '../../domain/log.js';
import { type BadReceipt, readReceipt } from '../../domain/uploads/read-receipt.js';
import { isBetterUrl, reportOf } from '../../domain/uploads/record.js';
import type { UploadSchedule } from '../../domain/uploads/schedule.js';

type Needs = {
  base: string;
  archive: UploadResult['archive'];
  queue: {
    has(id: string): boolean;
    read(id: string): Promise<QueuedSnapshot | undefined>;
    put(id: string, receipt: QueuedSnapshot): Promise<void>;
  };
  /** snapshots that have ended; a receipt of one of them is answered with its report once more */
  ended: { has(id: string): boolean };
  pendingReports: KeyedQueue;
  schedule: UploadSchedule;
  /** notified when a snapshot is added to the schedule */
  added: Notifier;
  isSigned: (document: Readonly<Record<string, unknown>>) => boolean;
  /** Publishes a result once, without keeping it. */
  publishRefusal: (result: UploadResult) => void;
  /** Receives each receipt whose signature is valid, also those that need not be queued. */
  receiptAccepted: (receipt: QueuedSnapshot) => void;
  /** Receives the reason why the receipts of a detector cannot be accepted, if only a person can change that. */
  reportTrouble: (error: NonNullable<UploadResult['error']>) => void;
  log: Log;
  /** passes the warnings about refused messages */
  throttle: Throttle;
  /** seconds since the Unix epoch */
  now: () => number;
};

/**
 * Makes the function that accepts messages of the snapshot topics. It resolves when the receipt is durable in the queue, or
 * need not be; it rejects on a full disk.
 */
export function createReceiptIntake(needs: Needs) {
  const { queue, ended, schedule, log } = needs;

  function refuse({ code, message, about }: BadReceipt, topic: string): void {
    const more = needs.throttle(code);
    if (more !== undefined)
      log.warn({ topic, code, message, more }, 'refused a message that is not one of our receipts');
    if (code === 'secret_differs') needs.reportTrouble({ code, message });
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
    needs.receiptAccepted(receipt);
    if (ended.has(id)) return needs.pendingReports.add(id);
    if (queue.has(id)) {
      const queued = await queue.read(id);
      const failed = schedule.task(id).attempts > 0 || schedule.isHostFailing(id);
      if (queued === undefined || !isBetterUrl(receipt.url, queued.url, failed)) return;
    }
    await queue.put(id, queuedSnapshot.parse(receipt));
    schedule.add(receipt);
    needs.added.notify();
  };
}
