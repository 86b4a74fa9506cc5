import type { SnapshotReceipt } from '../domain/payloads.js';
import { createWaitingLine } from '../domain/waiting-line.js';

/** Durable records by key, in order; a spool is one. */
type Records = {
  put(id: string, receipt: SnapshotReceipt): Promise<void>;
  read(id: string): Promise<SnapshotReceipt | undefined>;
  remove(id: string): Promise<void>;
  keys(): IterableIterator<string>;
};

/** Receipts on their way to the broker. */
export type Outbox = {
  /** On the disk when this resolves; delivered some time after. Rejects on a full or read-only disk. */
  put(receipt: SnapshotReceipt): Promise<void>;
  /** Delivers in order, for ever; one leaves the outbox when the broker has acknowledged it. */
  deliver(publish: (receipt: SnapshotReceipt) => Promise<void>, signal: AbortSignal): Promise<void>;
  readonly size: number;
};

/** What an earlier run did not get rid of comes first. */
export function createOutbox(records: Records): Outbox {
  const line = createWaitingLine();
  for (const id of records.keys()) line.add(id);
  return {
    async put(receipt) {
      await records.put(receipt.id, receipt);
      line.add(receipt.id);
    },
    async deliver(publish, signal) {
      for await (const id of line.follow(signal)) {
        const receipt = await records.read(id);
        if (receipt !== undefined) await publish(receipt);
        // Said twice is harmless: where it cannot be removed it goes out again after a restart.
        await records.remove(id).catch(() => undefined);
        line.remove(id);
      }
    },
    get size() {
      return line.size;
    },
  };
}
