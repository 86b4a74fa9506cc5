import { encodeEntry, type SpoolEntry } from './spool-line.js';
import type { SpoolLog } from './spool-log.js';
import type { SpoolPlaces } from './spool-places.js';

/** Writes the puts and removals of a spool in the order in which they were asked for. */
export type SpoolWriter = {
  /** Resolves when the record is on the disk. Rejects if it cannot be written. */
  put(key: string, record: unknown, at: number): Promise<void>;
  /** Takes the key out of `places` at once; resolves when that is on the disk too. */
  remove(key: string): Promise<void>;
  /** Resolves when nothing is waiting to be written. */
  idle(): Promise<void>;
};

/** `number` counts the writes, and so tells which of two was asked for later. */
type Write = { readonly entry: SpoolEntry; readonly number: number; done(): void; failed(cause: unknown): void };

/** Below this many bytes of waste, a compaction is not worth its cost. */
const minWasteBytes = 1024 * 1024;

/** Makes the writer of a log. `places` gets a record's place only when the record is on the disk. */
export function createSpoolWriter(log: SpoolLog, places: SpoolPlaces): SpoolWriter {
  const waiting: Write[] = [];
  /** per key, the number of the last put that is not on the disk yet */
  const unwrittenPuts = new Map<string, number>();
  /** per key, the number of the last removal that is not on the disk yet; one that failed stays */
  const unwrittenRemovals = new Map<string, number>();
  let count = 0;
  let writing: Promise<void> | undefined;

  function apply({ entry, number }: Write, offset: number, bytes: number): void {
    const { key } = entry;
    if (entry.kind === 'removed') {
      forget(unwrittenRemovals, key, number);
      return;
    }
    forget(unwrittenPuts, key, number);
    // Removed since it was asked for: the removal's line follows this one.
    if ((unwrittenRemovals.get(key) ?? 0) > number) return;
    unwrittenRemovals.delete(key);
    places.set(key, { offset, bytes }, entry.at);
  }

  /** Gives each batch one write and one fsync; a batch is what was asked for during the one before. */
  async function writeBatches(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.splice(0);
      try {
        const lines = batch.map(({ entry }) => encodeEntry(entry));
        let offset = await log.append(Buffer.concat(lines));
        for (const [n, write] of batch.entries()) {
          const bytes = lines[n]?.length ?? 0;
          apply(write, offset, bytes - 1);
          offset += bytes;
          write.done();
        }
      } catch (cause) {
        for (const { entry, number, failed } of batch) {
          forget(unwrittenPuts, entry.key, number);
          failed(cause);
        }
        continue;
      }
      // If it fails, the next batch tries again.
      if (log.length - places.bytes > Math.max(minWasteBytes, places.bytes)) await log.compact(places).catch(() => {});
    }
    writing = undefined;
  }

  function write(entry: SpoolEntry, unwritten: Map<string, number>): Promise<void> {
    count += 1;
    const number = count;
    unwritten.set(entry.key, number);
    return new Promise((done, failed) => {
      waiting.push({ entry, number, done, failed });
      writing ??= writeBatches();
    });
  }

  return {
    put: (key, record, at) => write({ kind: 'put', key, at, record }, unwrittenPuts),
    remove(key) {
      if (!places.has(key) && !unwrittenPuts.has(key) && !unwrittenRemovals.has(key)) return Promise.resolve();
      places.delete(key);
      return write({ kind: 'removed', key }, unwrittenRemovals);
    },
    async idle() {
      await writing;
    },
  };
}

function forget(numbers: Map<string, number>, key: string, number: number): void {
  if (numbers.get(key) === number) numbers.delete(key);
}
