import { readFile, stat } from 'node:fs/promises';
import { createFileOnce } from './atomic-file.js';
import { hasCode } from './system-error.js';

/**
 * Puts a file with these bytes at the path, through `draft`, unless something is there (see `createFileOnce`).
 * `same`: a file with these bytes was there already. `other`: something else is there, and was left alone.
 * Throws ENOTDIR if a file has the name of one of its folders.
 */
export async function placeFile(path: string, bytes: Uint8Array, draft: string): Promise<'placed' | 'same' | 'other'> {
  const found = await compareFile(path, bytes);
  if (found !== 'missing') return found;
  if (await createFileOnce(path, bytes, draft)) return 'placed';
  return (await compareFile(path, bytes)) === 'same' ? 'same' : 'other';
}

async function compareFile(path: string, bytes: Uint8Array): Promise<'missing' | 'same' | 'other'> {
  try {
    const { size } = await stat(path);
    return size === bytes.length && (await readFile(path)).equals(bytes) ? 'same' : 'other';
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return 'missing';
    if (hasCode(error, 'EISDIR')) return 'other';
    throw error;
  }
}
