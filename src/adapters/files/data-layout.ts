import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How this version lays out its data directory; a new number comes with a step that carries over what the old one left. */
export const currentLayout = 1;

/**
 * Sees to it that a data directory is laid out as this version reads it, before anything else looks into it: a new one is
 * marked, and one that a newer version has written is refused with an error that says what to do.
 */
export function ensureDataLayout(dataDir: string): void {
  const path = join(dataDir, 'layout');
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  try {
    // Two processes may be the first at once; both write the same.
    writeFileSync(path, `${currentLayout}\n`, { flag: 'wx', mode: 0o600 });
    return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const text = readFileSync(path, 'utf8').trim();
  // The other process may have made the file and not yet written to it.
  if (text === '' || text === String(currentLayout)) return;
  throw new Error(
    `${dataDir} was written by another version of Roomwatch (layout ${text}, this one knows ${currentLayout}): ` +
      `run that version, or name another data_dir`,
  );
}
