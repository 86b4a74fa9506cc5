import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Does work as the owner of a folder, if root does it, so that a service of that owner can use what the work leaves there. A
 * folder that does not exist yet belongs to the owner of the one above it.
 */
export async function asOwnerOf<Result>(folder: string | undefined, work: () => Promise<Result>): Promise<Result> {
  if (folder === undefined || process.geteuid?.() !== 0) return work();
  const { uid, gid } = statSync(nearest(folder));
  const groupBefore = process.getegid?.() ?? 0;
  process.setegid?.(gid);
  process.seteuid?.(uid);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(groupBefore);
  }
}

function nearest(folder: string): string {
  return existsSync(folder) ? folder : nearest(dirname(folder));
}
