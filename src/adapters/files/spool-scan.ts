import type { FileHandle } from 'node:fs/promises';
import { decodeEntry, type SpoolEntry } from './spool-line.js';
import type { Place } from './spool-places.js';

/** No spool writes a longer line. */
const maxLineBytes = 1024 * 1024;
const chunkBytes = 256 * 1024;

/**
 * Reads a spool's file and calls `visit` for each sound line in order; `visit` returns false for a line it does not accept.
 * `length` is the end of the last complete line, where the next one has to be written; `damaged` is the number of lines
 * that were skipped. Throws the signal's reason once it is aborted.
 */
export async function scanSpool(
  file: FileHandle,
  visit: (entry: SpoolEntry, place: Place) => boolean,
  signal?: AbortSignal,
): Promise<{ readonly length: number; readonly damaged: number }> {
  const chunk = Buffer.alloc(chunkBytes);
  let incomplete = Buffer.alloc(0);
  let tooLong = false;
  let length = 0;
  let damaged = 0;
  for (let offset = 0; ;) {
    signal?.throwIfAborted();
    const { bytesRead } = await file.read(chunk, 0, chunk.length, offset);
    if (bytesRead === 0) return { length, damaged: damaged + (length < offset ? 1 : 0) };
    offset += bytesRead;
    const text = Buffer.concat([incomplete, chunk.subarray(0, bytesRead)]);
    const textOffset = offset - text.length;
    let start = 0;
    for (let end = text.indexOf(10); end !== -1; end = text.indexOf(10, start)) {
      const entry = tooLong ? undefined : decodeEntry(text.subarray(start, end));
      if (entry === undefined || !visit(entry, { offset: textOffset + start, bytes: end - start })) damaged += 1;
      start = end + 1;
      length = textOffset + start;
      tooLong = false;
    }
    incomplete = Buffer.from(text.subarray(start));
    if (incomplete.length > maxLineBytes) {
      tooLong = true;
      incomplete = Buffer.alloc(0);
    }
  }
}
