import type { SnapshotReceipt } from '../../domain/contract/payloads.js';
import { createKeyedQueue } from '../../async/keyed-queue.js';

/** Durable records by key, in order; a spool is one. */
type Records = {
  put(id: string, receipt: SnapshotReceipt): Promise<void>;
  read(id: string): Promise<SnapshotReceipt | undefined>;
  remove(id: string): Promise<void>;
  has(id: string): boolean;
  keys(): IterableIterator<string>;
};

/**
 * Receipts on their way to an uploader. The broker's acknowledgement is not the end of it: a broker that dies forgets
 * what it took, one whose queue is full throws away. A receipt is kept until somebody has reported how its snapshot
 * ended, and is said again now and then; to say it twice is harmless.
 */
export type Outbox = {
  /** On the disk when this resolves; delivered some time after. Rejects on a full or read-only disk. */
  put(receipt: SnapshotReceipt): Promise<void>;
  /** Delivers in order, for ever. */
  deliver(publish: (receipt: SnapshotReceipt) => Promise<void>, signal: AbortSignal): Promise<void>;
  /** Forgets a receipt: its snapshot has ended, or nobody can want it any more. */
  settle(id: string): Promise<void>;
  /** A connection was made, the first or another one: what was said on an earlier one is delivered again. */
  connected(): void;
  /** To be called now and then: what nobody has reported on is delivered again after pauses that grow. */
  repeat(): void;
  /** what the broker has not acknowledged yet */
  readonly size: number;
  /** what nobody has reported on yet, oldest first */
  unsettled(): IterableIterator<string>;
};

/** Less than this after it was said, a receipt is not said again. */
const soonestSeconds = 10;
/** A broker may have come back without memory, also while we were away; its subscribers need so long to be there again. */
const graceSeconds = 30;
const firstPauseSeconds = 120;
const longestPauseSeconds = 6 * 3600;

/**
 * What an earlier run did not get rid of comes first.
 * @param now seconds of a clock that is never set
 */
export function createOutbox(records: Records, now: () => number): Outbox {
  const line = createKeyedQueue();
  const said = new Map<string, { readonly at: number; readonly times: number }>();
  let connectedAt = -Infinity;
  for (const id of records.keys()) line.add(id);

  const repeat = () => {
    const at = now();
    for (const [id, last] of said) {
      const since = at - last.at;
      const pause = Math.min(longestPauseSeconds, firstPauseSeconds * 2 ** (last.times - 1));
      const gathered = at > connectedAt + graceSeconds ? connectedAt + graceSeconds : connectedAt;
      if (since > pause || (last.at < gathered && since > soonestSeconds)) line.add(id);
    }
  };
  return {
    async put(receipt) {
      await records.put(receipt.id, receipt);
      line.add(receipt.id);
    },
    async deliver(publish, signal) {
      for await (const id of line.follow(signal)) {
        const receipt = await records.read(id);
        if (receipt !== undefined) {
          await publish(receipt);
          // It may have been settled while it was said.
          if (records.has(id)) said.set(id, { at: now(), times: (said.get(id)?.times ?? 0) + 1 });
        }
        line.remove(id);
      }
    },
    async settle(id) {
      line.remove(id);
      said.delete(id);
      await records.remove(id);
    },
    connected() {
      connectedAt = now();
      repeat();
    },
    repeat,
    get size() {
      return line.size;
    },
    unsettled: () => records.keys(),
  };
}
