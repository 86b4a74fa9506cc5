import { link, mkdir, open, readFile, rename, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

/** File systems without hard links (FAT, exFAT, some network shares) answer with one of these. */
const noLinks = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/**
 * Puts a file of these bytes (mode 0600) at the path in one step, through `draft` on the same file system, unless
 * something stands there. The content is on the disk when this resolves; the folder's entry only after syncFolders.
 * `same`: the very bytes were there already. `other`: something else is in the way, and was left alone.
 */
export async function placeFile(path: string, bytes: Uint8Array, draft: string): Promise<'placed' | 'same' | 'other'> {
  const found = await whatStands(path, bytes);
  if (found !== 'nothing') return found;
  try {
    await writeDurably(draft, bytes);
    await appear(draft, path);
    return 'placed';
  } catch (error) {
    if (!hasCode(error, 'EEXIST', 'ENOTDIR')) throw error;
    return (await whatStands(path, bytes)) === 'same' ? 'same' : 'other';
  } finally {
    await unlink(draft).catch((error: unknown) => {
      if (!hasCode(error, 'ENOENT')) throw error;
    });
  }
}

/** Makes the entries of a folder and of those above it, up to and including `top`, survive a loss of power. */
export async function syncFolders(folder: string, top: string): Promise<void> {
  for (let path = folder; ; path = dirname(path)) {
    const handle = await open(path, 'r');
    await handle.sync().finally(() => handle.close());
    if (path === top || path === dirname(path)) return;
  }
}

/** Whether an error is the system's, with one of these codes. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

async function whatStands(path: string, bytes: Uint8Array): Promise<'nothing' | 'same' | 'other'> {
  try {
    const { size } = await stat(path);
    return size === bytes.length && (await readFile(path)).equals(bytes) ? 'same' : 'other';
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return 'nothing';
    if (hasCode(error, 'EISDIR', 'ENOTDIR')) return 'other';
    throw error;
  }
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A link, unlike a rename, never replaces what another process put there meanwhile. The folder is made where it is missing. */
async function appear(draft: string, path: string): Promise<void> {
  try {
    await link(draft, path).catch(async (error: unknown) => {
      if (!hasCode(error, 'ENOENT')) throw error;
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await link(draft, path);
    });
  } catch (error) {
    if (!hasCode(error, ...noLinks)) throw error;
    await rename(draft, path);
  }
}
