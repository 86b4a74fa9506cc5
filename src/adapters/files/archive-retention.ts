import { opendir, rmdir, stat, statfs, unlink } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { type ArchiveLimits, type ArchiveUse, type Excess, excessOf } from '../../domain/uploads/archive-space.js';
import { hasCode } from './system-error.js';

type RetentionOptions = ArchiveLimits & {
  readonly folder: string;
  /** whether Roomwatch gives such a path, relative to the folder, to a picture; anything else is left alone */
  readonly isOurs: (path: string) => boolean;
};
type Found = { readonly path: string; readonly bytes: number; readonly at: number };

const daySeconds = 24 * 3600;
/** A file of an earlier time was archived while the machine had no clock: its age is unknown. */
const beginningOfTime = Date.parse('2024-01-01') / 1000;

/**
 * Removes the pictures of a folder archive that are older than `keepDays`, then the oldest ones beyond `maxGigabytes`, and the
 * folders that get empty by that. The age counts from when a picture was archived. Memory does not grow with the archive. A
 * folder that is missing is empty; throws if it cannot be read.
 * @param now seconds since the Unix epoch
 */
export async function tidyArchive(
  { folder, isOurs, keepDays = Infinity, maxGigabytes = Infinity }: RetentionOptions,
  now: number,
  signal: AbortSignal,
): Promise<ArchiveUse & { readonly removed: number }> {
  const root = resolve(folder);
  const byHour = new Map<number, number>();
  let removed = 0;
  let weekBytes = 0;
  let oldest = now;
  for await (const found of pictures(root, root, isOurs, signal)) {
    const { path, bytes, at } = found;
    if (at > beginningOfTime && now - at > keepDays * daySeconds) {
      removed += await remove(path, root);
      continue;
    }
    byHour.set(hourOf(at), (byHour.get(hourOf(at)) ?? 0) + bytes);
    if (now - at < 7 * daySeconds) weekBytes += bytes;
    if (at > beginningOfTime) oldest = Math.min(oldest, at);
  }
  const excess = excessOf(byHour, maxGigabytes * 1e9);
  const freed = excess === undefined ? [] : await chooseOldest(pictures(root, root, isOurs, signal), excess);
  for (const { path } of freed) removed += await remove(path, root);
  const total = [...byHour.values()].reduce((sum, bytes) => sum + bytes, 0);
  const bytes = total - freed.reduce((sum, one) => sum + one.bytes, 0);
  return { bytes, weekBytes, days: (now - oldest) / daySeconds, freeBytes: await freeBytesOf(root), removed };
}

/** The pictures of the hours before, and the oldest of the last hour until their bytes suffice. */
async function chooseOldest(all: AsyncIterable<Found>, { hour, bytes }: Excess): Promise<readonly Found[]> {
  const before: Found[] = [];
  const last: Found[] = [];
  for await (const found of all) {
    if (hourOf(found.at) < hour) before.push(found);
    else if (hourOf(found.at) === hour) last.push(found);
  }
  last.sort((one, other) => one.at - other.at || (one.path < other.path ? -1 : 1));
  let missing = bytes;
  for (const found of last) {
    if (missing <= 0) break;
    missing -= found.bytes;
    before.push(found);
  }
  return before;
}

async function* pictures(
  folder: string,
  root: string,
  isOurs: (path: string) => boolean,
  signal: AbortSignal,
): AsyncGenerator<Found> {
  const entries = await opendir(folder).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  });
  // A link is neither a folder nor a file here, so nothing outside is reached.
  for await (const entry of entries ?? []) {
    signal.throwIfAborted();
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* pictures(path, root, isOurs, signal);
    else if (entry.isFile() && isOurs(relative(root, path))) {
      const { size, mtimeMs } = await stat(path);
      yield { path, bytes: size, at: mtimeMs / 1000 };
    }
  }
}

/** Resolves with the number of removed files. */
async function remove(path: string, root: string): Promise<number> {
  await unlink(path);
  for (let folder = dirname(path); folder !== root; folder = dirname(folder)) {
    const emptied = await rmdir(folder).then(
      () => true,
      () => false,
    );
    if (!emptied) break;
  }
  return 1;
}

async function freeBytesOf(root: string): Promise<number> {
  const { bavail, bsize } = await statfs(root).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return { bavail: Infinity, bsize: 1 };
    throw error;
  });
  return bavail * bsize;
}

function hourOf(at: number): number {
  return Math.floor(at / 3600);
}
