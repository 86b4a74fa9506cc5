import { crc32 } from 'node:zlib';

/** The content of one line of a spool; `at` is when the record was written, in seconds since the Unix epoch. */
export type SpoolEntry =
  | { readonly kind: 'put'; readonly key: string; readonly at: number; readonly record: unknown }
  | { readonly kind: 'removed'; readonly key: string };

/** Encodes an entry as one line: a CRC-32 in hexadecimal, a space, JSON, a line feed. */
export function encodeEntry(entry: SpoolEntry): Buffer {
  const json = JSON.stringify(
    entry.kind === 'put' ? ['put', entry.key, entry.at, entry.record] : ['removed', entry.key],
  );
  return Buffer.from(`${checksum(json)} ${json}\n`);
}

/** Decodes a line without its line feed; undefined if it is damaged or was not written by a spool. */
export function decodeEntry(line: Buffer): SpoolEntry | undefined {
  if (line.length < 11 || line[8] !== 0x20) return undefined;
  const json = line.subarray(9);
  if (checksum(json) !== line.toString('latin1', 0, 8)) return undefined;
  const [kind, key, at, record] = JSON.parse(json.toString()) as [unknown, unknown, unknown, unknown];
  if (typeof key !== 'string') return undefined;
  if (kind === 'removed') return { kind, key };
  return kind === 'put' && typeof at === 'number' ? { kind, key, at, record } : undefined;
}

function checksum(json: string | Buffer): string {
  return crc32(json).toString(16).padStart(8, '0');
}
