import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SnapshotReceipt, UploadResult } from '../../src/domain/contract/payloads.js';

/** What there is at the end. */
export type Evidence = {
  /** receipts somebody heard at the broker */
  readonly heard: ReadonlyMap<string, SnapshotReceipt>;
  readonly results: readonly UploadResult[];
  /** where the detector keeps its pictures */
  readonly snapshots: string;
  /** files in Dropbox */
  readonly files: readonly { readonly path: string; readonly bytes: Buffer }[];
};

/** How it came out; a good run has every list empty. */
export type Tally = {
  readonly announced: number;
  readonly archived: number;
  readonly reported: number;
  readonly missing: readonly string[];
  readonly doubled: readonly string[];
  readonly different: readonly string[];
  readonly contradicted: readonly string[];
};

const idOf = (path: string) => /([0-9a-f-]{36})\.jpg$/.exec(path)?.[1];
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** Counts: every snapshot kept or heard of is in the archive once, byte for byte, or is reported lost or rejected. */
export function tally({ heard, results, snapshots, files }: Evidence): Tally {
  const kept = readdirSync(snapshots).flatMap((name) => idOf(name) ?? []);
  const announced = new Set([...kept, ...heard.keys()]);
  const ends = grouped(results, ({ snapshot }) => snapshot);
  const archived = grouped(files, ({ path }) => idOf(path));
  const given = (id: string) => (ends.get(id) ?? []).some(({ result }) => result !== 'uploaded');
  const ids = [...announced];
  const original = (id: string) =>
    heard.get(id)?.sha256 ?? (kept.includes(id) ? sha256(readFileSync(join(snapshots, `${id}.jpg`))) : undefined);
  return {
    announced: announced.size,
    archived: ids.filter((id) => archived.has(id)).length,
    reported: ids.filter(given).length,
    missing: ids.filter((id) => !archived.has(id) && !given(id)),
    doubled: [...archived].flatMap(([id, copies]) => (copies.length > 1 ? [String(id)] : [])),
    different: files.flatMap(({ path, bytes }) => {
      const id = idOf(path);
      return id !== undefined && original(id) === sha256(bytes) ? [] : [path];
    }),
    contradicted: ids.filter((id) => archived.has(id) && given(id)),
  };
}

function grouped<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
