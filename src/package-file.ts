import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// This module is part of several bundles at different depths, and runs from `src` in tests.
const root = findRoot(dirname(fileURLToPath(import.meta.url)));

/** Gives the path of a file or folder of this package, named from the folder of package.json, as in `assets/sample.mp4`. */
export function packageFile(name: string): string {
  return join(root, name);
}

function findRoot(folder: string): string {
  if (folder === dirname(folder)) throw new Error('the program is not complete: its package.json is missing');
  return existsSync(join(folder, 'package.json')) ? folder : findRoot(dirname(folder));
}
