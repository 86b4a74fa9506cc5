// A reporter of vitest. A test that blocks its process is beyond vitest's own limits of time, and the whole run would wait for
// it. Here such a process is killed after FILE_SECONDS, which fails its file and lets the others go on; the file's name is added
// to the file HUNG_FILES. Linux.
import { appendFileSync, readFileSync, readdirSync } from 'node:fs';

const mostSeconds = Number(process.env.FILE_SECONDS);

export default class HungTests {
  /** The files that run, each with its timer and the test that began last. */
  #running = new Map();

  onTestModuleQueued({ moduleId }) {
    const timer = setTimeout(() => this.#kill(moduleId), mostSeconds * 1000).unref();
    this.#running.set(moduleId, { timer, test: 'none' });
  }

  onTestCaseReady(test) {
    const file = this.#running.get(test.module.moduleId);
    if (file) file.test = test.fullName;
  }

  onTestModuleEnd({ moduleId }) {
    clearTimeout(this.#running.get(moduleId)?.timer);
    this.#running.delete(moduleId);
  }

  #kill(moduleId) {
    say(
      `${moduleId} has not ended within ${mostSeconds} s. The last test that it reported: ${this.#running.get(moduleId).test}`,
    );
    appendFileSync(process.env.HUNG_FILES, `${moduleId}\n`);
    for (const pid of workers()) {
      if (secondsOf(pid) < mostSeconds) continue;
      say(`killing its process ${pid}; its threads wait in:`);
      for (const task of readdirSync(`/proc/${pid}/task`)) {
        const thread = `/proc/${pid}/task/${task}`;
        say(`  ${read(`${thread}/comm`)}: ${read(`${thread}/wchan`)}, ${read(`${thread}/syscall`)}`);
      }
      process.kill(pid, 'SIGKILL');
    }
  }
}

function say(text) {
  process.stdout.write(`${text}\n`);
}

/** The processes of the test files. */
function workers() {
  return childrenOf(process.pid).filter((pid) => read(`/proc/${pid}/cmdline`).includes('workers/forks.js'));
}

function childrenOf(pid) {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    read(`/proc/${pid}/task/${task}/children`).split(' ').filter(Boolean).map(Number),
  );
}

/** How long a process has been running. */
function secondsOf(pid) {
  const startedAt = Number(read(`/proc/${pid}/stat`).split(') ')[1].split(' ')[19]) / 100;
  return Number(read('/proc/uptime').split(' ')[0]) - startedAt;
}

function read(path) {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}
