import { lstatSync } from 'node:fs';
import { join } from 'node:path';

/** The checkout. */
export const root = join(import.meta.dirname, '..', '..');
export const nodeModules = join(root, 'node_modules');

/** A linked node_modules belongs to another checkout: it is used as it is, and never written to. */
export function nodeModulesIsLink() {
  return lstatSync(nodeModules, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}
