import { open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Fsyncs a folder and those above it up to `top`, so that new files and renames in them survive a power cut. */
export async function syncFolders(folder: string, top = folder): Promise<void> {
  for (let path = folder; ; path = dirname(path)) {
    const handle = await open(path, 'r');
    await handle.sync().finally(() => handle.close());
    if (path === top || path === dirname(path)) return;
  }
}
