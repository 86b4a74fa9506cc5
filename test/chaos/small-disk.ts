import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** A directory on a disk of its own that can be filled up; only root may make one. */
export type SmallDisk = { readonly path: string; fill(): void; free(): void; close(): void };

/** Makes a disk of so many megabytes in memory; a plain directory, which never fills up, where that is not allowed. */
export function openSmallDisk(path: string, megabytes: number): SmallDisk {
  mkdirSync(path, { recursive: true });
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path]).status === 0;
  const close = () => {
    if (mounted) spawnSync('umount', ['-l', path]);
  };
  process.once('exit', close);
  const balloon = join(path, 'balloon');
  return {
    path,
    fill() {
      if (!mounted) return;
      const file = openSync(balloon, 'w');
      try {
        for (const size of [1024 * 1024, 4096, 1]) for (;;) writeSync(file, Buffer.alloc(size));
      } catch {
        // full, or nearly so
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(balloon, { force: true }),
    close,
  };
}
