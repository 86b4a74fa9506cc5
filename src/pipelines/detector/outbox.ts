import type { SnapshotFacts } from '../../domain/contract/payloads.js';
import { createKeyedQueue } from '../../async/keyed-queue.js';
import { createTaskPool } from '../../async/task-pool.js';

/** Durable records by key, in order; a spool fits. */
type Records = {
  put(id: string, receipt: SnapshotFacts): Promise<void>;
  read(id: string): Promise<SnapshotFacts | undefined>;
  remove(id: string): Promise<void>;
  has(id: string): boolean;
  keys(): IterableIterator<string>;
};

/**
 * Receipts on their way to an uploader; URL and signature are made for each delivery. The broker's acknowledgement is not
 * enough: a broker that dies loses messages, and one with a full queue drops them. So a receipt is kept until an uploader has
 * reported the snapshot's result, and is delivered again from time to time, which is harmless.
 */
export type Outbox = {
  /** The receipt is durable when this resolves, and delivered later. Rejects on a full or read-only disk. */
  put(receipt: SnapshotFacts): Promise<void>;
  /** Delivers receipts in order, several at a time, until `signal` is aborted; `publish` may reject at the end only. */
  deliver(publish: (receipt: SnapshotFacts) => Promise<void>, signal: AbortSignal): Promise<void>;
  /** Forgets a receipt: its snapshot has ended, or cannot be downloaded any more. */
  settle(id: string): Promise<void>;
  /** To be called for every connection, of ours or of an uploader: receipts delivered before it are delivered again. */
  connected(): void;
  /** To be called regularly: receipts without a report are delivered again, with growing pauses. */
  repeat(): void;
  /** To be called when the URL of a delivered receipt has expired: a receipt without a report is delivered again. */
  renew(id: string): void;
  /** number of receipts that wait to be delivered */
  readonly size: number;
  /** Whether there is a receipt that no uploader has reported on. */
  has(id: string): boolean;
  /** ids of the receipts without a report, oldest first */
  unsettled(): IterableIterator<string>;
};

/** Two deliveries of a receipt are at least this far apart. */
const minSecondsApart = 10;
/** After a connection, subscribers may need this long to be back; an earlier delivery may have reached none of them. */
const subscriberSeconds = 30;
const firstPauseSeconds = 120;
const longestPauseSeconds = 6 * 3600;
/** Largest number of receipts that wait for the broker at a time. */
const maxInFlight = 16;

/**
 * Makes an outbox that first delivers the receipts of earlier runs.
 * @param now seconds of a clock that is never set
 */
export function createOutbox(records: Records, now: () => number): Outbox {
  const pending = createKeyedQueue();
  const deliveries = new Map<string, { readonly at: number; readonly times: number }>();
  /** the receipts that are being published, and whether their URLs have expired meanwhile */
  const publishing = new Map<string, { expired: boolean }>();
  let connectedAt = -Infinity;
  for (const id of records.keys()) pending.add(id);

  const repeat = () => {
    const at = now();
    const subscribedAt = at > connectedAt + subscriberSeconds ? connectedAt + subscriberSeconds : connectedAt;
    for (const [id, last] of deliveries) {
      const since = at - last.at;
      const pause = Math.min(longestPauseSeconds, firstPauseSeconds * 2 ** (last.times - 1));
      if (since > pause || (last.at < subscribedAt && since > minSecondsApart)) pending.add(id);
    }
  };
  async function publishOne(receipt: SnapshotFacts, publish: (receipt: SnapshotFacts) => Promise<void>): Promise<void> {
    const { id } = receipt;
    const current = { expired: false };
    publishing.set(id, current);
    await publish(receipt).finally(() => publishing.delete(id));
    // It may have been settled during the delivery.
    if (records.has(id)) deliveries.set(id, { at: now(), times: (deliveries.get(id)?.times ?? 0) + 1 });
    pending.remove(id);
    // The message waited for the broker until its URL had expired.
    if (current.expired && records.has(id)) pending.add(id);
  }
  return {
    async put(receipt) {
      await records.put(receipt.id, receipt);
      pending.add(receipt.id);
    },
    async deliver(publish, signal) {
      const pool = createTaskPool(maxInFlight);
      for await (const id of pending.follow(signal)) {
        const receipt = await records.read(id);
        if (receipt === undefined) pending.remove(id);
        else await pool.start(() => publishOne(receipt, publish).catch(() => undefined));
      }
    },
    async settle(id) {
      pending.remove(id);
      deliveries.delete(id);
      await records.remove(id);
    },
    connected() {
      connectedAt = now();
      repeat();
    },
    repeat,
    renew(id) {
      const current = publishing.get(id);
      if (current !== undefined) current.expired = true;
      const last = deliveries.get(id);
      if (last !== undefined && now() - last.at > minSecondsApart) pending.add(id);
    },
    get size() {
      return pending.size;
    },
    has: (id) => records.has(id),
    unsettled: () => records.keys(),
  };
}
