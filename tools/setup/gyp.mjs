import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { findHeaders } from './node.mjs';
import { nodeModules } from './paths.mjs';
import { SetupProblem, run } from './progress.mjs';

const bytesOfMemoryPerCompiler = 700e6;

/** What is in the files a recipe is built from, by name; what it built is left out. */
export function readSources(recipe) {
  return readdirSync(recipe, { recursive: true })
    .filter((file) => !file.startsWith('build') && /\.(?:gyp|cc|h|hpp)$/.test(file))
    .toSorted()
    .flatMap((file) => [file, readFileSync(join(recipe, file))]);
}

/** Builds the recipe (a folder with a `binding.gyp`) anew with node-gyp; `problem` begins the message where it fails. */
export function buildWithGyp(recipe, problem, ...flags) {
  const headers = findHeaders();
  if (headers === undefined) {
    throw new SetupProblem(
      `the C++ headers of Node ${process.versions.node} (include/node/node.h) are not to be found beside ${process.execPath}. ` +
        `Install Node from nodejs.org or NodeSource, which bring them, or name their prefix: npm_config_nodedir=/prefix npm start`,
    );
  }
  const jobs = Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / bytesOfMemoryPerCompiler)));
  const gyp = join(nodeModules, 'node-gyp', 'bin', 'node-gyp.js');
  run(process.execPath, [gyp, 'rebuild', `--nodedir=${headers}`, '-j', String(jobs), ...flags], {
    cwd: recipe,
    problem,
  });
}
