import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { run, step } from './progress.mjs';
import { readStamp, writeStamp } from './stamp.mjs';

const dist = join(root, 'dist');
const stamp = join(dist, '.sources.json');

/** Runs `npm run build` unless no source has changed since. */
export function compile() {
  const sources = listSources();
  const last = readStamp(stamp);
  if (existsSync(join(dist, 'cli.js')) && JSON.stringify(last) === JSON.stringify(sources)) return;
  // What was compiled from a file that is gone would otherwise stay.
  if (last && Object.keys(last).some((name) => !(name in sources))) rmSync(dist, { recursive: true, force: true });
  step('compiling', 'some seconds', () => {
    run('npm', ['run', '-s', 'build'], { cwd: root, problem: 'the sources do not compile:' });
  });
  writeStamp(stamp, sources);
}

/** Size and time of everything that goes into `dist`, by name. */
function listSources() {
  const inSrc = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const others = [
    'tsconfig.json',
    'package.json',
    'package-lock.json',
    'tools/build-page.mjs',
    'tools/build-program.mjs',
  ].map((name) => join(root, name));
  return Object.fromEntries(
    [...inSrc, ...others].sort().map((path) => {
      const { size, mtimeMs } = statSync(path);
      return [path, `${size} ${mtimeMs}`];
    }),
  );
}
