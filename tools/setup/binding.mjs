import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { findHeaders } from './node.mjs';
import { nodeModules, nodeModulesIsLink, root } from './paths.mjs';
import { SetupProblem, run, step } from './progress.mjs';
import { hashOf, readStamp, writeStamp } from './stamp.mjs';

const recipe = join(root, 'native', 'opencv');
const sources = readdirSync(recipe)
  .filter((file) => /\.(?:gyp|cc|h)$/.test(file))
  .toSorted();
const built = join(recipe, 'build', 'Release', 'opencv4nodejs.node');
const wanted = join(nodeModules, 'opencv4nodejs', 'build', 'Release', 'opencv4nodejs.node');
const stamp = join(recipe, 'build', 'stamp.json');
const bytesOfMemoryPerCompiler = 700e6;

/**
 * Builds the OpenCV binding for this Node and this OpenCV, and puts it where `opencv4nodejs` has its own.
 * Without `window` it can show none, and needs no GTK.
 */
export function ensureBinding(opencvVersion, { window = true } = {}) {
  if (nodeModulesIsLink()) return;
  const inputs = hashOf(
    [process.versions.modules, process.arch, opencvVersion, window].join(' '),
    ...sources.map((file) => readFileSync(join(recipe, file))),
    readFileSync(join(recipe, 'include', 'opencv2', 'opencv_modules.hpp')),
    readFileSync(join(nodeModules, 'opencv4nodejs', 'package.json')),
    readFileSync(join(nodeModules, 'nan', 'package.json')),
  );
  const last = readStamp(stamp);
  if (last?.inputs === inputs && last.copy === fingerprint(wanted)) return;
  if (last?.inputs !== inputs || !existsSync(built)) {
    step('building the OpenCV binding', 'a minute on a PC, up to six on a Raspberry Pi 4', () => build(window));
  }
  mkdirSync(dirname(wanted), { recursive: true });
  // Renamed into place: a process that runs keeps the file it has loaded.
  copyFileSync(built, `${wanted}.new`);
  renameSync(`${wanted}.new`, wanted);
  run(process.execPath, ['-e', `require(${JSON.stringify(wanted)})`], {
    problem: 'the OpenCV binding was built but does not load. Remove native/opencv/build and try again.',
  });
  writeStamp(stamp, { inputs, copy: fingerprint(wanted) });
}

function build(window) {
  const headers = findHeaders();
  if (headers === undefined) {
    throw new SetupProblem(
      `the C++ headers of Node ${process.versions.node} (include/node/node.h) are not to be found beside ${process.execPath}. ` +
        `Install Node from nodejs.org or NodeSource, which bring them, or name their prefix: npm_config_nodedir=/prefix npm start`,
    );
  }
  const jobs = Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / bytesOfMemoryPerCompiler)));
  const gyp = join(nodeModules, 'node-gyp', 'bin', 'node-gyp.js');
  run(process.execPath, [gyp, 'rebuild', `--nodedir=${headers}`, '-j', String(jobs), `--window=${window ? 1 : 0}`], {
    cwd: recipe,
    problem: 'the OpenCV binding did not build:',
  });
}

function fingerprint(file) {
  const seen = statSync(file, { throwIfNoEntry: false });
  return seen && `${seen.size} ${seen.mtimeMs}`;
}
