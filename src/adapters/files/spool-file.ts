import { constants } from 'node:fs';
import { copyFile, type FileHandle, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { decodeEntry, type SpoolEntry } from './spool-line.js';

/** Where a line stands in the file; `bytes` without its line feed. */
export type Place = { readonly offset: number; readonly bytes: number };

/** A longer line is none of ours. */
const maxLineBytes = 1024 * 1024;

/** Opens a spool's file, making it (mode 0600) where it is missing. */
export function openSpoolFile(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
}

/** Reads every sound line in order; answers how many bytes of sound lines there are and how many others were skipped. */
export async function scanSpoolFile(
  file: FileHandle,
  visit: (entry: SpoolEntry, place: Place) => boolean,
): Promise<{ length: number; damaged: number }> {
  const chunk = Buffer.alloc(256 * 1024);
  let rest = Buffer.alloc(0);
  let at = 0;
  let damaged = 0;
  for (;;) {
    const { bytesRead } = await file.read(chunk, 0, chunk.length, at + rest.length);
    if (bytesRead === 0) return { length: at, damaged: damaged + (rest.length > 0 ? 1 : 0) };
    const text = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
    let start = 0;
    for (let end = text.indexOf(10); end !== -1; end = text.indexOf(10, start)) {
      const entry = decodeEntry(text.subarray(start, end));
      if (entry === undefined || !visit(entry, { offset: at + start, bytes: end - start })) damaged += 1;
      start = end + 1;
    }
    at += start;
    rest = Buffer.from(text.subarray(start));
    if (rest.length > maxLineBytes) {
      at += rest.length;
      rest = Buffer.alloc(0);
    }
  }
}

/** Reads the line at a place. */
export async function readPlace(file: FileHandle, place: Place): Promise<Buffer> {
  const line = Buffer.alloc(place.bytes);
  const { bytesRead } = await file.read(line, 0, place.bytes, place.offset);
  return line.subarray(0, bytesRead);
}

/**
 * Writes the lines at `places` into a new file that takes the old one's place at once or not at all, and answers the
 * new file with the new places. The old handle stays the caller's.
 */
export async function rewriteSpoolFile(
  path: string,
  file: FileHandle,
  places: readonly Place[],
): Promise<{ file: FileHandle; places: Place[]; length: number }> {
  const fresh = await open(`${path}.new`, 'w+', 0o600);
  try {
    const moved: Place[] = [];
    let length = 0;
    let pending: Buffer[] = [];
    let pendingBytes = 0;
    const flush = async () => {
      if (pendingBytes > 0) await fresh.write(Buffer.concat(pending));
      pending = [];
      pendingBytes = 0;
    };
    for (const place of places) {
      const line = await readPlace(file, { offset: place.offset, bytes: place.bytes + 1 });
      moved.push({ offset: length, bytes: place.bytes });
      length += line.length;
      pending.push(line);
      pendingBytes += line.length;
      if (pendingBytes > 256 * 1024) await flush();
    }
    await flush();
    await fresh.sync();
    await rename(`${path}.new`, path);
    await syncDirectory(dirname(path));
    return { file: fresh, places: moved, length };
  } catch (cause) {
    await fresh.close();
    throw cause;
  }
}

/** Keeps a copy of a damaged file for people to look at. */
export function setAside(path: string): Promise<void> {
  return copyFile(path, `${path}.damaged`);
}

/** Makes a rename or a new file of this directory survive a power cut. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
