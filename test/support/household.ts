import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const cli = join(import.meta.dirname, '..', '..', 'dist', 'cli.js');

/** A configuration as its file has it; what is left out has its default. */
export type Conf = Readonly<Record<string, unknown>>;

/** Several of Roomwatch's processes on a data directory of their own. */
export type Household = {
  readonly directory: string;
  /** Starts `roomwatch detect` or `roomwatch upload`; more than one of each is fine where their names differ. */
  start(command: 'detect' | 'upload', conf: Conf): Promise<Process>;
  /** Ends what still runs and removes the directory. */
  close(): Promise<void>;
};

/** One running process. */
export type Process = {
  readonly pid: number;
  /** What it has logged so far, a line each. */
  readonly log: readonly string[];
  /** Ends it as a service manager would, or as a power cut would; gives its exit status or signal. */
  end(signal?: 'SIGTERM' | 'SIGKILL'): Promise<number | string>;
};

/** @param common what every process's configuration has */
export async function openHousehold(common: Conf): Promise<Household> {
  const directory = await mkdtemp(join(tmpdir(), 'roomwatch-'));
  const running: Process[] = [];
  let files = 0;
  return {
    directory,
    async start(command, conf) {
      const file = join(directory, `conf-${(files += 1)}.json`);
      const folders = { data_dir: join(directory, 'data') };
      await writeFile(file, JSON.stringify({ ...folders, ...common, ...conf }));
      const process = watched(spawn(globalThis.process.execPath, [cli, command, '--conf', file], outputOnly));
      running.push(process);
      return process;
    },
    async close() {
      await Promise.all(running.map((process) => process.end()));
      await rm(directory, { recursive: true, force: true });
    },
  };
}

const outputOnly = { stdio: ['ignore', 'ignore', 'pipe'] as ['ignore', 'ignore', 'pipe'] };

function watched(child: ChildProcess): Process {
  const log: string[] = [];
  if (child.stderr !== null) createInterface({ input: child.stderr }).on('line', (line) => log.push(line));
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
  return {
    pid: child.pid ?? 0,
    log,
    async end(signal = 'SIGTERM') {
      child.kill(signal);
      const [status, by] = await ended;
      return status ?? by ?? 'unknown';
    },
  };
}
