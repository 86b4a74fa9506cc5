import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeModules, nodeModulesIsLink, root } from './paths.mjs';
import { run, step } from './progress.mjs';
import { hashOf, readStamp, writeStamp } from './stamp.mjs';

const stamp = join(nodeModules, '.roomwatch-lock');

/** Installs the packages of package-lock.json unless just these are there. No package's own script runs. */
export function ensureNpmPackages() {
  if (nodeModulesIsLink()) return;
  const lock = hashOf(readFileSync(join(root, 'package-lock.json')));
  if (existsSync(nodeModules) && readStamp(stamp) === lock) return;
  step('installing the npm packages', 'about half a minute', () => {
    run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: root });
  });
  writeStamp(stamp, lock);
}
