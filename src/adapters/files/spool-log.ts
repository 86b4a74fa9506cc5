import { constants } from 'node:fs';
import { type FileHandle, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolders } from './sync-folders.js';
import type { Place, SpoolPlaces } from './spool-places.js';

/** A spool's open file: lines are appended at its end and read by their place. */
export type SpoolLog = {
  /** Appends lines and fsyncs them; resolves with the offset of the first. Rejects with the file as it was. */
  append(lines: Buffer): Promise<number>;
  read(place: Place): Promise<Buffer>;
  /** Drops all lines but those at `places`, and sets their new places. If it rejects, the file is as it was. */
  compact(places: SpoolPlaces): Promise<void>;
  /** size of the file in bytes */
  readonly length: number;
  close(): Promise<void>;
};

const flushBytes = 256 * 1024;

/** Opens a spool's file. If it is missing, makes it with mode 0600; it is there after a power cut. */
export async function openSpoolFile(path: string): Promise<FileHandle> {
  const file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  await syncFolders(dirname(path));
  return file;
}

/** Makes the log of a file that was opened and scanned; `length` is the end of its last complete line. */
export function createSpoolLog(path: string, openFile: FileHandle, scannedLength: number): SpoolLog {
  let file = openFile;
  let length = scannedLength;
  const reading = new Set<Promise<unknown>>();

  /** Goes over to a new file; reads under way still need the old one. */
  async function replaceFile(fresh: FileHandle, freshLength: number): Promise<void> {
    const old = file;
    file = fresh;
    length = freshLength;
    await Promise.allSettled([...reading]);
    await old.close();
  }

  return {
    async append(lines) {
      const offset = length;
      try {
        await writeAll(file, lines, offset);
        await file.datasync();
      } catch (cause) {
        // Otherwise half of the lines could come back after a restart as if they had been kept.
        await file.truncate(offset).catch(() => undefined);
        throw cause;
      }
      length = offset + lines.length;
      return offset;
    },
    async read(place) {
      const read = readPlace(file, place);
      reading.add(read);
      return read.finally(() => reading.delete(read));
    },
    async compact(places) {
      if (places.size === 0) {
        await file.truncate(0);
        length = 0;
        return;
      }
      // Keys and places as they are now: a key may be removed during the copy.
      const keys = [...places.keys()];
      const copied = await copyLines(path, file, [...places.all()]);
      for (const [n, key] of keys.entries()) {
        const place = copied.places[n];
        if (place !== undefined && places.has(key)) places.set(key, place, 0);
      }
      await replaceFile(copied.file, copied.length);
      await syncFolders(dirname(path));
    },
    get length() {
      return length;
    },
    close: () => file.close(),
  };
}

async function readPlace(file: FileHandle, place: Place): Promise<Buffer> {
  const line = Buffer.alloc(place.bytes);
  const { bytesRead } = await file.read(line, 0, place.bytes, place.offset);
  return line.subarray(0, bytesRead);
}

async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += (await file.write(bytes, written, bytes.length - written, position + written)).bytesWritten;
  }
}

/** Copies the lines at `places` into a new file, which replaces the one at `path` completely or not at all. */
async function copyLines(
  path: string,
  file: FileHandle,
  places: readonly Place[],
): Promise<{ file: FileHandle; places: Place[]; length: number }> {
  const fresh = await open(`${path}.new`, 'w+', 0o600);
  try {
    const copied: Place[] = [];
    let unwritten: Buffer[] = [];
    let unwrittenBytes = 0;
    let length = 0;
    for (const [n, place] of places.entries()) {
      const line = await readPlace(file, { offset: place.offset, bytes: place.bytes + 1 });
      copied.push({ offset: length + unwrittenBytes, bytes: place.bytes });
      unwritten.push(line);
      unwrittenBytes += line.length;
      if (unwrittenBytes < flushBytes && n < places.length - 1) continue;
      await writeAll(fresh, Buffer.concat(unwritten), length);
      length += unwrittenBytes;
      unwritten = [];
      unwrittenBytes = 0;
    }
    await fresh.sync();
    await rename(`${path}.new`, path);
    return { file: fresh, places: copied, length };
  } catch (cause) {
    await fresh.close();
    throw cause;
  }
}
