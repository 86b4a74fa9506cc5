import { type FileHandle, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { openSpoolFile, readPlace, rewriteSpoolFile, scanSpoolFile, setAside, syncDirectory } from './spool-file.js';
import { createSpoolPlaces } from './spool-records.js';
import { decodeEntry, encodeEntry, type SpoolEntry } from './spool-line.js';
import { wallSeconds } from '../../async/clock.js';

/** Checks what was read back; throws where it is not a T. A zod schema fits. */
export type Codec<T> = { parse(value: unknown): T };

/**
 * Small records in the order in which their keys first came, on disk. What `put` has answered for is there after a
 * kill or a power cut. Only places are held in memory, so ten thousand records cost about a megabyte.
 */
export type Spool<T> = {
  /** Keeps a record, or replaces the one under this key, which keeps its turn. Rejects on a full or read-only disk. */
  put(key: string, record: T): Promise<void>;
  /**
   * Forgets a key. Rejects where this cannot be written: the key is gone for now, and back after a restart unless a
   * later `remove` of it succeeds.
   */
  remove(key: string): Promise<void>;
  read(key: string): Promise<T | undefined>;
  has(key: string): boolean;
  keys(): IterableIterator<string>;
  readonly size: number;
  /** When the oldest record was first kept, in seconds since the Unix epoch. */
  oldestAt(): number | undefined;
  /** Writes what is pending, then lets go of the file. */
  close(): Promise<void>;
};

type Write = { entry: SpoolEntry; done: () => void; failed: (cause: unknown) => void };

/** Below this much waste a rewrite is not worth it. */
const minWasteBytes = 1024 * 1024;

/** Opens the spool at `path`. Lines that are torn or no T are skipped, counted for `onDamage`, and a copy set aside. */
export async function openSpool<T>(
  path: string,
  codec: Codec<T>,
  onDamage: (skipped: number) => void = () => undefined,
): Promise<Spool<T>> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  let file: FileHandle = await openSpoolFile(path);
  const kept = createSpoolPlaces();
  const scan = await scanSpoolFile(file, (entry, place) => {
    if (entry.kind === 'removed') kept.delete(entry.key);
    else if (fits(codec, entry.record)) kept.set(entry.key, place, entry.at);
    else return false;
    return true;
  });
  let length = scan.length;
  const reading = new Set<Promise<unknown>>();
  if (scan.damaged > 0) {
    onDamage(scan.damaged);
    await setAside(path).catch(() => undefined);
    await shrink();
  }
  await syncDirectory(dirname(path));

  /** removed, but not on the disk yet */
  const unwritten = new Set<string>();
  const writes: Write[] = [];
  let flushing: Promise<void> | undefined;
  let closed = false;

  /** One write and one fsync for everything that came while the last ones were under way. */
  async function flush(): Promise<void> {
    while (writes.length > 0) {
      const batch = writes.splice(0);
      const lines = batch.map(({ entry }) => encodeEntry(entry));
      try {
        await writeAll(file, Buffer.concat(lines), length);
        await file.datasync();
      } catch (cause) {
        // Half a batch must not come back later as if it had been kept.
        await file.truncate(length).catch(() => undefined);
        for (const { failed } of batch) failed(cause);
        continue;
      }
      batch.forEach(({ entry, done }, n) => {
        const bytes = (lines[n]?.length ?? 1) - 1;
        if (entry.kind === 'put') kept.set(entry.key, { offset: length, bytes }, entry.at);
        unwritten.delete(entry.key);
        length += bytes + 1;
        done();
      });
      if (length - kept.bytes > Math.max(minWasteBytes, kept.bytes)) await shrink();
    }
    flushing = undefined;
  }

  async function rewrite(): Promise<void> {
    // As they are now: what is removed meanwhile must not move the others up.
    const keys = [...kept.keys()];
    const fresh = await rewriteSpoolFile(path, file, [...kept.all()]);
    const old = file;
    file = fresh.file;
    length = fresh.length;
    fresh.places.forEach((at, n) => {
      const key = keys[n];
      if (key !== undefined && kept.has(key)) kept.set(key, at, 0);
    });
    await Promise.allSettled([...reading]).then(() => old.close());
  }

  /** Gives space back. A failure costs nothing but the space: the old file stays in use. */
  async function shrink(): Promise<void> {
    try {
      if (kept.size > 0) return await rewrite();
      await file.truncate(0);
      length = 0;
    } catch {
      // The next batch tries again.
    }
  }

  function write(entry: SpoolEntry): Promise<void> {
    if (closed) return Promise.reject(new Error(`${path} is closed`));
    return new Promise((done, failed) => {
      writes.push({ entry, done, failed });
      flushing ??= flush();
    });
  }

  return {
    put: (key, record) => write({ kind: 'put', key, at: wallSeconds(), record }),
    remove(key) {
      if (!kept.has(key) && !unwritten.has(key)) return Promise.resolve();
      kept.delete(key);
      unwritten.add(key);
      return write({ kind: 'removed', key });
    },
    async read(key) {
      const at = kept.get(key);
      if (at === undefined) return undefined;
      const read = readPlace(file, at);
      reading.add(read);
      const entry = decodeEntry(await read.finally(() => reading.delete(read)));
      if (entry?.kind !== 'put') throw new Error(`${path} is damaged at ${at.offset}`);
      return codec.parse(entry.record);
    },
    has: (key) => kept.has(key),
    keys: () => kept.keys(),
    get size() {
      return kept.size;
    },
    oldestAt: () => kept.oldestAt(),
    async close() {
      closed = true;
      await flushing;
      await file.close();
    },
  };
}

function fits(codec: Codec<unknown>, record: unknown): boolean {
  try {
    codec.parse(record);
    return true;
  } catch {
    return false;
  }
}

async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += (await file.write(bytes, written, bytes.length - written, position + written)).bytesWritten;
  }
}
