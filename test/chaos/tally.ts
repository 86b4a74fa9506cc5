import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SnapshotReceipt, UploadResult } from '../../src/domain/contract/payloads.js';

/** Everything found at the end of a run. */
export type Evidence = {
  /** receipts seen at the broker */
  readonly receipts: ReadonlyMap<string, SnapshotReceipt>;
  readonly results: readonly UploadResult[];
  /** the detector's folders of pictures */
  readonly snapshots: readonly string[];
  /** pictures whose files were damaged on the detector's disk: they may be lost, and then have to be reported so */
  readonly damaged: ReadonlySet<string>;
  /** files in Dropbox */
  readonly files: readonly { readonly path: string; readonly bytes: Buffer }[];
};

/** The result of a run; every list of a good run is empty. */
export type Tally = {
  readonly announced: number;
  readonly archived: number;
  readonly reported: number;
  readonly missing: readonly string[];
  readonly doubled: readonly string[];
  readonly different: readonly string[];
  readonly contradicted: readonly string[];
  /** reported as lost or rejected, though nothing damaged the picture, or without that reason */
  readonly unjustified: readonly string[];
};

const idOf = (path: string) => /([0-9a-f-]{36})\.jpg$/.exec(path)?.[1];
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** Counts, and checks that every snapshot kept or receipts of is in the archive once, byte for byte, or is reported lost or rejected. */
export function tally({ receipts, results, snapshots, damaged, files }: Evidence): Tally {
  const kept = new Map(snapshots.flatMap((folder) => picturesIn(folder)));
  const announced = new Set([...kept.keys(), ...receipts.keys()]);
  const ends = grouped(results, ({ snapshot }) => snapshot);
  const archived = grouped(files, ({ path }) => idOf(path));
  const notUploaded = (id: string) => (ends.get(id) ?? []).some(({ result }) => result !== 'uploaded');
  const isLost = (id: string) =>
    (ends.get(id) ?? []).every(({ result, error }) => result === 'uploaded' || error?.code === 'gone');
  const ids = [...announced];
  const original = (id: string) =>
    receipts.get(id)?.sha256 ?? (kept.has(id) ? sha256(readFileSync(kept.get(id)!)) : undefined);
  return {
    announced: announced.size,
    archived: ids.filter((id) => archived.has(id)).length,
    reported: ids.filter(notUploaded).length,
    missing: ids.filter((id) => !archived.has(id) && !notUploaded(id)),
    doubled: [...archived].flatMap(([id, copies]) => (copies.length > 1 ? [String(id)] : [])),
    different: files.flatMap(({ path, bytes }) => {
      const id = idOf(path);
      return id !== undefined && (damaged.has(id) || original(id) === sha256(bytes)) ? [] : [path];
    }),
    unjustified: ids.filter((id) => notUploaded(id) && !(damaged.has(id) && isLost(id))),
    contradicted: ids.filter((id) => archived.has(id) && notUploaded(id) && !damaged.has(id)),
  };
}

function grouped<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

/** The ids and paths of the pictures of a folder. */
function picturesIn(folder: string): (readonly [string, string])[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    const id = idOf(name);
    return id === undefined ? [] : [[id, join(folder, name)] as const];
  });
}
