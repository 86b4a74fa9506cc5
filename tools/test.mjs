// `npm test`: the checks and every test, and at the end one line with their sum.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'roomwatch-test-'));
// What the developer has set for his own room must not reach the tests.
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ROOMWATCH_')));
const sum = { passed: 0, failed: 0, skipped: 0 };

check('typecheck');
check('lint');
check('format:check');
check('test:native');
vitest('parts', ['--exclude', 'test/system/**']);
// Whole processes want the machine for themselves.
vitest('system', ['test/system', '--maxWorkers=1']);

rmSync(scratch, { recursive: true, force: true });
const skipped = sum.skipped > 0 ? `, ${sum.skipped} skipped` : '';
process.stdout.write(`\n${sum.passed} passed, ${sum.failed} failed${skipped}\n`);
process.exitCode = sum.failed === 0 && sum.passed > 0 ? 0 : 1;

/** One of package.json's checks; it counts as one test. */
function check(script) {
  process.stdout.write(`\n${script}\n`);
  if (run('npm', ['run', '-s', script]) === 0) sum.passed += 1;
  else sum.failed += 1;
}

function vitest(name, args) {
  const report = join(scratch, `${name}.json`);
  const bin = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const status = run(process.execPath, [
    bin,
    'run',
    ...args,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]);
  const counted = readCounts(report);
  sum.passed += counted.passed;
  sum.skipped += counted.skipped;
  // A file that does not load, or an error outside every test, fails the run without a failed test.
  sum.failed += status === 0 ? counted.failed : Math.max(1, counted.failed);
}

function readCounts(report) {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(readFileSync(report, 'utf8'));
    return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests };
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}

function run(program, args) {
  return spawnSync(program, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] }).status ?? 1;
}
