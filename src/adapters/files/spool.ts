import { copyFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { wallSeconds } from '../../async/clock.js';
import { decodeEntry, type SpoolEntry } from './spool-line.js';
import { createSpoolLog, openSpoolFile, type SpoolLog } from './spool-log.js';
import { createSpoolPlaces, type Place, type SpoolPlaces } from './spool-places.js';
import { scanSpool } from './spool-scan.js';
import { createSpoolWriter } from './spool-writer.js';

/** Checks a record that was read back; throws if it is not a T. A zod schema fits. */
export type Codec<T> = { parse(value: unknown): T };

/**
 * Small durable records by key, in the order in which the keys were first put. A record whose `put` has resolved
 * survives a kill and a power cut. The memory holds only their places: about a megabyte for ten thousand records.
 */
export type Spool<T> = {
  /** Writes a record, or replaces the record of this key, which keeps its position. Rejects on a full or read-only disk. */
  put(key: string, record: T): Promise<void>;
  /**
   * Removes a key, and a record that is still being written. Rejects if that cannot be written: the key is gone for now,
   * but comes back after a restart unless a later `remove` of it succeeds.
   */
  remove(key: string): Promise<void>;
  /** Undefined for an unknown key, and for a record that the disk has damaged meanwhile, which is forgotten. */
  read(key: string): Promise<T | undefined>;
  has(key: string): boolean;
  keys(): IterableIterator<string>;
  readonly size: number;
  /** when the oldest record was first put, in seconds since the Unix epoch */
  oldestAt(): number | undefined;
  /** Closes the file after everything has been written. */
  close(): Promise<void>;
};

/** What the caller of `openSpool` may want to know. */
export type SpoolOptions<T> = {
  /** Receives the number of damaged lines that were skipped, if there are any; also later, when one is read. */
  readonly onDamage?: (skipped: number) => void;
  /**
   * Receives the history while the file is read: every record that was put, and undefined for a key that was removed. It
   * saves reading the records one by one afterwards.
   */
  readonly onEntry?: (key: string, record: T | undefined) => void;
  /** Once it is aborted, opening ends with its reason. */
  readonly signal?: AbortSignal;
};

/** Opens the spool at `path`. Skips damaged lines and records that are no T; a copy of such a file is kept beside it. */
export async function openSpool<T>(path: string, codec: Codec<T>, options: SpoolOptions<T> = {}): Promise<Spool<T>> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const places = createSpoolPlaces();
  const log = await openLog(path, codec, places, options);
  const writer = createSpoolWriter(log, places);
  let closed = false;
  const whileOpen = (write: () => Promise<void>) => (closed ? Promise.reject(new Error(`${path} is closed`)) : write());

  return {
    put: (key, record) => whileOpen(() => writer.put(key, record, wallSeconds())),
    remove: (key) => whileOpen(() => writer.remove(key)),
    async read(key) {
      const place = places.get(key);
      if (place === undefined) return undefined;
      const entry = decodeEntry(await log.read(place));
      if (entry?.kind === 'put') return codec.parse(entry.record);
      // Removed during the read, its line may be gone from the file.
      if (!places.has(key)) return undefined;
      places.delete(key);
      options.onDamage?.(1);
      return undefined;
    },
    has: (key) => places.has(key),
    keys: () => places.keys(),
    get size() {
      return places.size;
    },
    oldestAt: () => places.oldestAt(),
    async close() {
      closed = true;
      await writer.idle();
      await log.close();
    },
  };
}

async function openLog<T>(
  path: string,
  codec: Codec<T>,
  places: SpoolPlaces,
  { onDamage, onEntry, signal }: SpoolOptions<T>,
): Promise<SpoolLog> {
  const file = await openSpoolFile(path);
  const visit = (entry: SpoolEntry, place: Place) => {
    const record = entry.kind === 'put' ? parseRecord(codec, entry.record) : undefined;
    if (entry.kind === 'removed') places.delete(entry.key);
    else if (record === undefined) return false;
    else places.set(entry.key, place, entry.at);
    onEntry?.(entry.key, record);
    return true;
  };
  const scan = scanSpool(file, visit, signal).catch(async (cause: unknown) => {
    await file.close();
    throw cause;
  });
  const { length, damaged } = await scan;
  const log = createSpoolLog(path, file, length);
  if (damaged > 0) {
    onDamage?.(damaged);
    await copyFile(path, `${path}.damaged`).catch(() => undefined);
    // Without room for the new file, the spool goes on with the old one.
    await log.compact(places).catch(() => undefined);
  }
  return log;
}

function parseRecord<T>(codec: Codec<T>, record: unknown): T | undefined {
  try {
    return codec.parse(record);
  } catch {
    return undefined;
  }
}
