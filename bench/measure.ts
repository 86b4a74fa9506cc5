import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** What a command cost, its children included. */
export type Cost = {
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  /** the greatest of one process */
  readonly rssBytes: number;
  readonly status: number;
};

/** A measured command that runs; `stop` ends it with SIGTERM. */
export type Measured = { stop(): void; readonly cost: Promise<Cost>; readonly pid: number };

/** Starts a command under `measure.py` (the kernel's own accounts). @param seconds after which it is ended, if at all */
export function startMeasured(
  command: readonly string[],
  options: { seconds?: number; env?: NodeJS.ProcessEnv } = {},
): Measured {
  const limit = options.seconds === undefined ? [] : ['--seconds', String(options.seconds)];
  const child = spawn('/usr/bin/python3', ['bench/measure.py', ...limit, ...command], {
    stdio: ['pipe', 'pipe', process.env['BENCH_VERBOSE'] === undefined ? 'ignore' : 'inherit'],
    env: { ...process.env, ...options.env },
  });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const cost = once(child, 'close').then(() => {
    const last = lines.at(-1);
    if (last === undefined) throw new Error(`${command.join(' ')} could not be measured`);
    return JSON.parse(last) as Cost;
  });
  return { cost, pid: child.pid ?? 0, stop: () => void child.stdin.write('stop\n') };
}

/** Runs a command to its end. */
export function measure(command: readonly string[], options: { seconds?: number } = {}): Promise<Cost> {
  return startMeasured(command, options).cost;
}
