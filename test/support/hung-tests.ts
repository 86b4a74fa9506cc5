import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import type { Reporter, TestCase } from 'vitest/node';
import { childrenOf, commandLineOf } from './proc.js';

const mostSeconds = Number(process.env['FILE_SECONDS']);
const lookSeconds = 5;

/**
 * A reporter of vitest. A test that blocks its process is beyond vitest's own limits of time, and the whole run would wait for
 * it. Here such a process is killed after FILE_SECONDS, which fails its file and lets the others go on; the file's name is added
 * to the file HUNG_FILES. Linux.
 */
export default class HungTests implements Reporter {
  #timer: NodeJS.Timeout | undefined;
  /** The test that began last in each file. */
  readonly #tests = new Map<string, string>();

  onTestRunStart(): void {
    this.#timer = setInterval(() => workers().forEach((pid) => this.#look(pid)), lookSeconds * 1000);
  }

  onTestCaseReady(test: TestCase): void {
    this.#tests.set(test.module.moduleId, test.fullName);
  }

  onTestRunEnd(): void {
    clearInterval(this.#timer);
  }

  #look(pid: number): void {
    if (secondsOf(pid) < mostSeconds) return;
    const file = titleOf(pid).replace(/^test /, '');
    appendFileSync(process.env['HUNG_FILES'] ?? '/dev/null', `${file}\n`);
    const last = this.#tests.get(file) ?? 'none';
    say(`${file} has not ended within ${mostSeconds} s. The last test that it reported: ${last}`);
    say(`killing its process ${pid}; its threads wait in:`);
    for (const task of readdirSync(`/proc/${pid}/task`)) {
      const thread = `/proc/${pid}/task/${task}`;
      say(`  ${read(`${thread}/comm`)}: ${read(`${thread}/wchan`)}, ${read(`${thread}/syscall`)}`);
    }
    for (const child of childrenOf(pid)) say(`  its child ${child}: ${titleOf(child)}`);
    process.kill(pid, 'SIGKILL');
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** The processes of the test files, to which name-process.ts gives their titles. */
function workers(): number[] {
  return childrenOf(process.pid).filter((pid) => titleOf(pid).startsWith('test '));
}

/** Empty for a process that has just ended. */
function titleOf(pid: number): string {
  try {
    return commandLineOf(pid).join(' ').trim();
  } catch {
    return '';
  }
}

/** How long a process has been running. */
function secondsOf(pid: number): number {
  const startedAt = Number(read(`/proc/${pid}/stat`).split(') ')[1]?.split(' ')[19]) / 100;
  return Number(read('/proc/uptime').split(' ')[0]) - startedAt;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}
