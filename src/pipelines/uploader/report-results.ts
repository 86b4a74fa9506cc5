import type { UploadResult } from '../../domain/contract/payloads.js';
import type { UploadRecord } from '../../domain/uploads/record.js';
import type { KeyedQueue } from '../../async/keyed-queue.js';

type Needs = {
  /** snapshots that ended and whose report is owed */
  line: KeyedQueue;
  /** how snapshots ended */
  ended: {
    read(id: string): Promise<UploadRecord | undefined>;
    put(id: string, record: UploadRecord): Promise<void>;
  };
  /** Resolves when the broker has the report. */
  publish: (result: UploadResult) => Promise<void>;
};

/** So many reports are under way to the broker at a time. */
const window = 16;

/** Reports how snapshots ended, in order, until `signal` is aborted; each is owed until the broker has acknowledged it. */
export async function reportResults({ line, ended, publish }: Needs, signal: AbortSignal): Promise<void> {
  const underWay = new Set<Promise<void>>();
  for await (const id of line.follow(signal)) {
    const record = await ended.read(id);
    if (record === undefined) {
      line.remove(id);
      continue;
    }
    const report = publish(record.result).then(() => {
      line.remove(id);
      // Not written down, it is said again after a restart: harmless.
      void ended.put(id, { ...record, reported: true }).catch(() => undefined);
    });
    const settled: Promise<void> = report.catch(() => undefined).finally(() => underWay.delete(settled));
    underWay.add(settled);
    if (underWay.size >= window) await Promise.race(underWay);
  }
}
