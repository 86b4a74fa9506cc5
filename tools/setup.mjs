// Brings a fresh checkout to where it runs: `node tools/setup.mjs [start|test|package]`.
// Each step looks first and does nothing where there is nothing to do, so that it may run before every start.
import { compile } from './setup/compile.mjs';
import { ensureAddon } from './setup/addon.mjs';
import { ensureBinding } from './setup/binding.mjs';
import { ensureDebianPackages } from './setup/debian.mjs';
import { ensureNode } from './setup/node.mjs';
import { ensureNpmPackages } from './setup/npm-packages.mjs';
import { SetupProblem, sayTotal } from './setup/progress.mjs';

const purpose = process.argv[2];
try {
  ensureNode();
  const opencvVersion = ensureDebianPackages(purpose);
  ensureNpmPackages();
  ensureAddon();
  ensureBinding(opencvVersion);
  compile();
  sayTotal();
} catch (problem) {
  if (!(problem instanceof SetupProblem)) throw problem;
  process.stderr.write(`\nset-up: ${problem.message}\n`);
  process.exitCode = 1;
}
