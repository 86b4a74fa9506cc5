import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Log } from '../../runtime/log.js';

/** Takes note of damaged and missing files, and logs each. */
export type DamageLog = {
  /** names of the files, each once */
  readonly files: readonly string[];
  /** Makes what receives the damage of a spool's file. */
  onDamage(path: string): (skipped: number) => void;
  /**
   * Takes note of the files that are missing although another one is there and not empty; to be called before they are opened.
   * @param wasUsed there is something else that shows that the files have to be there
   */
  noteMissing(paths: readonly string[], wasUsed?: boolean): Promise<void>;
};

/** Starts with nothing damaged. */
export function createDamageLog(log: Pick<Log, 'warn'>): DamageLog {
  const files: string[] = [];
  const add = (path: string) => {
    const file = basename(path);
    if (!files.includes(file)) files.push(file);
  };
  return {
    files,
    onDamage: (path) => (skipped) => {
      add(path);
      log.warn({ file: path, skipped }, 'a file is damaged: parts of it could not be read; a copy is kept beside it');
    },
    async noteMissing(paths, wasUsed = false) {
      const sizes = await Promise.all(paths.map(sizeOf));
      if (!wasUsed && !sizes.some((bytes) => bytes !== undefined && bytes > 0)) return;
      for (const [n, path] of paths.entries()) {
        if (sizes[n] !== undefined) continue;
        add(path);
        log.warn({ file: path }, 'a file is missing; it is made anew');
      }
    },
  };
}

async function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
}
