import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import * as z from 'zod';
import { parseJson } from '../../domain/contract/read-json.js';
import { type SnapshotFacts, snapshotFacts, toInstant } from '../../domain/contract/payloads.js';

/** What a picture says about itself: `rest` is the SHA-256 of the file without the comment. */
const written = snapshotFacts.omit({ bytes: true, sha256: true }).extend({ rest: z.string() });
type Written = z.infer<typeof written>;

const marker = { startOfImage: 0xffd8, jfif: 0xffe0, comment: 0xfffe, startOfScan: 0xffda, endOfImage: 0xffd9 };
const introduction = 'roomwatch ';
/** The SHA-256 of no file: a picture with it is found to be damaged, and so reported as lost, when it is asked for. */
const ofNoFile = '0'.repeat(64);

/**
 * Writes the facts into a JPEG file as a comment (COM segment): `roomwatch`, a CRC-32, JSON. From it the receipt can be made
 * again if the records are damaged.
 */
export function withFacts(jpeg: Buffer, facts: Omit<SnapshotFacts, 'bytes' | 'sha256'>): Buffer {
  const json = JSON.stringify({ ...facts, rest: hash('sha256', jpeg) } satisfies Written);
  const text = Buffer.from(`${introduction}${checksum(json)} ${json}`);
  const head = Buffer.alloc(4);
  head.writeUInt16BE(marker.comment, 0);
  head.writeUInt16BE(text.length + 2, 2);
  // A JFIF segment has to be the first.
  const at = jpeg.readUInt16BE(2) === marker.jfif ? 4 + jpeg.readUInt16BE(4) : 2;
  return Buffer.concat([jpeg.subarray(0, at), head, text, jpeg.subarray(at)]);
}

/**
 * The facts of a picture that no record speaks of: what its comment says, or else what can be seen. A file that is damaged gets
 * facts that it does not fit.
 * @param id the file's name, a UUIDv7
 * @param room where it was found
 */
export function describePicture(file: Buffer, id: string, room: string): SnapshotFacts {
  const { size, comment } = readSegments(file);
  const said = comment === undefined ? undefined : readComment(file.subarray(comment.textStart, comment.end));
  const bytes = Math.max(1, file.length);
  if (said !== undefined && comment !== undefined && said.id === id) {
    const rest = Buffer.concat([file.subarray(0, comment.start), file.subarray(comment.end)]);
    return snapshotFacts.parse({
      ...said,
      bytes,
      sha256: hash('sha256', rest) === said.rest ? sha256(file) : ofNoFile,
    });
  }
  const isComplete = size !== undefined && file.readUInt16BE(file.length - 2) === marker.endOfImage;
  return {
    ...{ id, room, visit: null, reason: 'motion', regions: [], bytes },
    taken_at: toInstant(secondsOf(id)),
    sha256: isComplete ? sha256(file) : ofNoFile,
    ...(size ?? { width: 1, height: 1 }),
  };
}

const sha256 = (bytes: Buffer) => hash('sha256', bytes);
const checksum = (json: string) => crc32(json).toString(16).padStart(8, '0');

/** The time in a UUIDv7, in seconds since the Unix epoch. */
function secondsOf(id: string): number {
  return Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16) / 1000;
}

function readComment(text: Buffer): Written | undefined {
  const [, sum, json] = /^roomwatch ([0-9a-f]{8}) (\{.*\})$/s.exec(text.toString()) ?? [];
  return json === undefined || checksum(json) !== sum ? undefined : written.safeParse(parseJson(json)).data;
}

/** The size of the image, and where our comment is; walks the segments before the first scan (ITU-T T.81 B.1.1). */
function readSegments(file: Buffer) {
  let size: { readonly width: number; readonly height: number } | undefined;
  let comment: { readonly start: number; readonly textStart: number; readonly end: number } | undefined;
  if (file.length < 4 || file.readUInt16BE(0) !== marker.startOfImage) return { size, comment };
  for (let start = 2; start + 4 <= file.length;) {
    const kind = file.readUInt16BE(start);
    const end = start + 2 + file.readUInt16BE(start + 2);
    if (kind === marker.startOfScan || kind < 0xff00 || end > file.length) break;
    const textStart = start + 4;
    if (kind === marker.comment && file.toString('latin1', textStart, textStart + introduction.length) === introduction)
      comment ??= { start, textStart, end };
    // Baseline, extended and progressive frames.
    if (kind >= 0xffc0 && kind <= 0xffc2 && end >= start + 9) {
      const [height, width] = [file.readUInt16BE(start + 5), file.readUInt16BE(start + 7)];
      if (height > 0 && width > 0) size = { width, height };
    }
    start = end;
  }
  return { size, comment };
}
