// A reporter of vitest. A test that blocks its process is beyond vitest's own limits of time, and the whole run would wait for
// it. Here such a process is killed after FILE_SECONDS, which fails its file and lets the others go on; the file's name is added
// to the file HUNG_FILES. Linux.
import { appendFileSync, readFileSync, readdirSync } from 'node:fs';

const mostSeconds = Number(process.env.FILE_SECONDS);
const lookSeconds = 5;

export default class HungTests {
  #timer;
  /** The test that began last in each file. */
  #tests = new Map();

  onTestRunStart() {
    this.#timer = setInterval(() => workers().forEach((pid) => this.#look(pid)), lookSeconds * 1000);
  }

  onTestCaseReady(test) {
    this.#tests.set(test.module.moduleId, test.fullName);
  }

  onTestRunEnd() {
    clearInterval(this.#timer);
  }

  #look(pid) {
    if (secondsOf(pid) < mostSeconds) return;
    const file = titleOf(pid).replace(/^test /, '');
    appendFileSync(process.env.HUNG_FILES, `${file}\n`);
    say(
      `${file} has not ended within ${mostSeconds} s. The last test that it reported: ${this.#tests.get(file) ?? 'none'}`,
    );
    say(`killing its process ${pid}; its threads wait in:`);
    for (const task of readdirSync(`/proc/${pid}/task`)) {
      const thread = `/proc/${pid}/task/${task}`;
      say(`  ${read(`${thread}/comm`)}: ${read(`${thread}/wchan`)}, ${read(`${thread}/syscall`)}`);
    }
    for (const child of childrenOf(pid)) say(`  its child ${child}: ${titleOf(child)}`);
    process.kill(pid, 'SIGKILL');
  }
}

function say(text) {
  process.stdout.write(`${text}\n`);
}

/** The processes of the test files: test/support/name-process.ts gives them their titles. */
function workers() {
  return childrenOf(process.pid).filter((pid) => titleOf(pid).startsWith('test '));
}

function childrenOf(pid) {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    read(`/proc/${pid}/task/${task}/children`).split(' ').filter(Boolean).map(Number),
  );
}

function titleOf(pid) {
  return read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
}

/** How long a process has been running. */
function secondsOf(pid) {
  const startedAt = Number(read(`/proc/${pid}/stat`).split(') ')[1]?.split(' ')[19]) / 100;
  return Number(read('/proc/uptime').split(' ')[0]) - startedAt;
}

function read(path) {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}
