import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataDirTrouble } from './place-trouble.js';
import { hasCode } from './system-error.js';

/** Number of the data directory's layout. A new number comes with a step that converts the old layout. */
export const currentLayout = 1;

/**
 * Call this before anything else reads the data directory. Marks a new directory with this version's layout; throws an
 * error that says what to do if another version's layout is there, or if the directory cannot be where it is.
 */
export function ensureDataLayout(dataDir: string): void {
  const trouble = dataDirTrouble(dataDir);
  if (trouble !== undefined) throw new Error(trouble);
  const path = join(dataDir, 'layout');
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  try {
    // Two processes may do this at the same time; both write the same.
    writeFileSync(path, `${currentLayout}\n`, { flag: 'wx', mode: 0o600 });
    return;
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
  const text = readFileSync(path, 'utf8').trim();
  // Empty: another process has made the file and not written it yet.
  if (text === '' || text === String(currentLayout)) return;
  throw new Error(
    `${dataDir} was written by another version of Roomwatch (layout ${text}, this one knows ${currentLayout}): ` +
      `run that version, or name another data_dir`,
  );
}
