import type { Notifier } from '../../async/notifier.js';
import type { Log } from '../../domain/log.js';
import { type SnapshotReceipt, toInstant, type UploadResult } from '../../domain/contract/payloads.js';
import { type BadReceipt, readReceipt } from '../../domain/uploads/read-receipt.js';
import type { Agenda } from '../../domain/uploads/schedule.js';
import { expiryOf, reportOf } from '../../domain/uploads/record.js';
import type { KeyedQueue } from '../../async/keyed-queue.js';

type Needs = {
  base: string;
  archive: UploadResult['archive'];
  queue: {
    has(id: string): boolean;
    read(id: string): Promise<SnapshotReceipt | undefined>;
    put(id: string, receipt: SnapshotReceipt): Promise<void>;
  };
  /** snapshots that have ended; an announcement of one that has is answered with its report again */
  ended: { has(id: string): boolean };
  owed: KeyedQueue;
  agenda: Agenda;
  added: Notifier;
  isSigned: (url: string) => boolean;
  /** Says a result once, without keeping it. */
  refuse: (result: UploadResult) => void;
  log: Log;
  now: () => number;
};

/** Once a minute is told what was refused; the rest is counted. */
const warnEverySeconds = 60;

/**
 * Makes the function that takes in what comes on the snapshot topics. It resolves when the receipt is safe in the
 * queue, or is none to keep; it rejects on a full disk.
 */
export function createReceiptIntake(needs: Needs) {
  const { queue, ended, owed, agenda, log } = needs;
  let lastWarned = -Infinity;
  let unwarned = 0;

  function turnAway({ code, message, about }: BadReceipt, topic: string): void {
    if (needs.now() - lastWarned >= warnEverySeconds) {
      log.warn({ topic, code, message, more: unwarned }, 'a message that is no receipt of ours was refused');
      lastWarned = needs.now();
      unwarned = 0;
    } else unwarned += 1;
    if (about === undefined) return;
    const outcome = { result: 'rejected', archive: needs.archive, path: null, content_hash: null } as const;
    const error = { code, message };
    const finished = { attempts: 0, finished_at: toInstant(needs.now()), error };
    needs.refuse(reportOf({ ...about, bytes: 0 }, { ...outcome, ...finished }));
  }

  return async (message: { readonly topic: string; readonly payload: string }): Promise<void> => {
    const receipt = readReceipt(needs.base, message, needs.isSigned);
    if ('kind' in receipt) return turnAway(receipt, message.topic);
    const { id } = receipt;
    if (ended.has(id)) return owed.add(id);
    if (queue.has(id)) {
      const queued = await queue.read(id);
      // Announced again, with a URL that is good for longer.
      if (queued === undefined || expiryOf(queued.url) >= expiryOf(receipt.url)) return;
    }
    await queue.put(id, receipt);
    agenda.add(receipt);
    needs.added.notify();
  };
}
