import type { UploadResult } from '../../domain/contract/payloads.js';
import type { UploadRecord } from '../../domain/uploads/record.js';
import type { KeyedQueue } from '../../async/keyed-queue.js';
import { createTaskPool } from '../../async/task-pool.js';

type Needs = {
  /** snapshots that have ended and whose report the broker has not acknowledged */
  pendingReports: KeyedQueue;
  /** the results of snapshots that have ended */
  ended: {
    read(id: string): Promise<UploadRecord | undefined>;
    put(id: string, record: UploadRecord): Promise<void>;
  };
  /** Resolves when the broker has acknowledged the report. */
  publish: (result: UploadResult) => Promise<void>;
};

/** Largest number of reports that wait for the broker at a time. */
const maxInFlight = 16;

/** Publishes the pending reports in order until `signal` is aborted. A report is pending until the broker acknowledges it. */
export async function reportResults({ pendingReports, ended, publish }: Needs, signal: AbortSignal): Promise<void> {
  const pool = createTaskPool(maxInFlight);
  for await (const id of pendingReports.follow(signal)) {
    const record = await ended.read(id);
    if (record === undefined) {
      pendingReports.remove(id);
      continue;
    }
    const report = () =>
      publish(record.result).then(() => {
        pendingReports.remove(id);
        // If this cannot be written, the report is published again after a restart, which is harmless.
        void ended.put(id, { ...record, reported: true }).catch(() => undefined);
      });
    // It rejects at the end only.
    await pool.start(() => report().catch(() => undefined));
  }
}
