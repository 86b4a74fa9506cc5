import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, renameSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** A directory on its own disk, which can be filled up; only root can make one. */
export type SmallDisk = { readonly path: string; fill(): void; free(): void; close(): void };

/** Makes a disk in memory, whose files stay at `path` when it is closed; a plain directory, which never fills up, if mounting is not allowed. */
export function openSmallDisk(path: string, megabytes: number): SmallDisk {
  mkdirSync(path, { recursive: true });
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path]).status === 0;
  let closed = !mounted;
  const close = () => {
    if (closed) return;
    closed = true;
    const copy = `${path}.copy`;
    spawnSync('cp', ['-a', path, copy]);
    spawnSync('umount', ['-l', path]);
    rmdirSync(path);
    renameSync(copy, path);
  };
  process.once('exit', close);
  const filler = join(path, 'filler');
  return {
    path,
    fill() {
      if (!mounted) return;
      const file = openSync(filler, 'w');
      try {
        for (const size of [1024 * 1024, 4096, 1]) for (;;) writeSync(file, Buffer.alloc(size));
      } catch {
        // The disk is full.
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(filler, { force: true }),
    close,
  };
}
