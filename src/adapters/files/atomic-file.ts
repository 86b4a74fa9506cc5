import { randomBytes } from 'node:crypto';
import { link, mkdir, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { hasCode } from './system-error.js';

/** File systems without hard links (FAT, exFAT, some network shares) answer with one of these. */
const noLinks = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/** Replaces a file, or makes it, completely or not at all; the content is fsynced. The owner of a file that is there stays. */
export async function replaceFile(path: string, text: string, mode = 0o600): Promise<void> {
  await writeFileAtomic(path, text, { mode });
}

/**
 * `replaceFile` in one blocking call.
 * @param options `mode` undefined: as the umask has it; `durable` false: not fsynced, for a file that may be lost in a power cut
 */
export function replaceFileSync(
  path: string,
  text: string,
  { mode, durable }: { readonly mode: number | undefined; readonly durable: boolean } = { mode: 0o600, durable: true },
): void {
  writeFileAtomic.sync(path, text, { ...(mode === undefined ? {} : { mode }), fsync: durable });
}

/**
 * Makes a file (mode 0600) completely or not at all, and never replaces one: resolves with false if there is something at
 * the path already. Makes the folder if it is missing. The content is fsynced; the folder is not (see `syncFolders`).
 * @param draft where the content is written first: a free path on the same file system
 */
export async function createFileOnce(
  path: string,
  bytes: Uint8Array | string,
  draft = `${path}.${randomBytes(6).toString('hex')}`,
): Promise<boolean> {
  try {
    await writeDurably(draft, bytes);
    await linkOrRename(draft, path);
    return true;
  } catch (error) {
    if (!hasCode(error, 'EEXIST', 'ENOTDIR')) throw error;
    return false;
  } finally {
    await unlink(draft).catch((error: unknown) => {
      if (!hasCode(error, 'ENOENT')) throw error;
    });
  }
}

async function writeDurably(path: string, bytes: Uint8Array | string): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A link, unlike a rename, never replaces a file that another process has made meanwhile. */
async function linkOrRename(draft: string, path: string): Promise<void> {
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
