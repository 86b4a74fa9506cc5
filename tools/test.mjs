// `npm test`: the checks and every test, and at the end one line with their sum.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'roomwatch-test-'));
// What the developer has set for his own room must not reach the tests.
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ROOMWATCH_')));
/** for each of the parts below */
const mostMinutes = 40;
const sum = { passed: 0, failed: 0, skipped: 0 };

check('typecheck');
check('lint');
check('format:check');
check('test:native');
vitest('parts', ['--exclude', 'test/system/**'], 300);
// Whole processes want the machine for themselves.
vitest('system', ['test/system', '--maxWorkers=1'], 900);

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

/** Runs test files, and those whose process hung a second time: a hang may be the machine's, and is said in any case. */
function vitest(name, args, fileSeconds) {
  const first = runVitest(name, args, fileSeconds);
  if (first.hung.length === 0 || first.failed > 0) return count(first);
  process.stdout.write(`\nonce more, because they hung: ${first.hung.join(' ')}\n`);
  count({ ...first, status: 0 });
  count(runVitest(`${name}-again`, first.hung, fileSeconds));
}

function runVitest(name, args, fileSeconds) {
  const report = join(scratch, `${name}.json`);
  const hungFiles = join(scratch, `${name}.hung`);
  const bin = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['default', 'json', join(root, 'test', 'support', 'hung-tests.ts')].map(
    (one) => `--reporter=${one}`,
  );
  const status = run(process.execPath, [bin, 'run', ...args, ...reporters, `--outputFile.json=${report}`], {
    FILE_SECONDS: String(fileSeconds),
    HUNG_FILES: hungFiles,
  });
  const hung = existsSync(hungFiles) ? readFileSync(hungFiles, 'utf8').trim().split('\n') : [];
  return { status, hung, ...readCounts(report) };
}

function count({ status, passed, failed, skipped }) {
  sum.passed += passed;
  sum.skipped += skipped;
  // A file that does not load, or an error outside every test, fails the run without a failed test.
  sum.failed += status === 0 ? failed : Math.max(1, failed);
}

function readCounts(report) {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(readFileSync(report, 'utf8'));
    return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests };
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}

function run(program, args, more = {}) {
  const limit = { timeout: mostMinutes * 60_000, killSignal: 'SIGKILL' };
  const options = { cwd: root, env: { ...env, ...more }, stdio: ['ignore', 'inherit', 'inherit'], ...limit };
  const { status, signal } = spawnSync(program, args, options);
  if (signal !== null)
    process.stdout.write(`\n${signal} ended ${args.join(' ')} (the limit is ${mostMinutes} minutes)\n`);
  return status ?? 1;
}
