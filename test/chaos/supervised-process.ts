import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';

/** A process that is started again whenever it ends, as a supervisor does. */
export type SupervisedProcess = {
  /** Kills it; it starts again after `downSeconds`. */
  kill(signal: NodeJS.Signals, downSeconds: number): void;
  /** Ends it for good. */
  stop(signal: NodeJS.Signals): Promise<void>;
  /** number of times it ended without being asked to */
  readonly crashes: number;
};

/** @param log file for its stderr */
export function startSupervised(
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  log: string,
  beforeStart: () => void = () => undefined,
): SupervisedProcess {
  const [program = '', ...args] = command;
  const output: WriteStream = createWriteStream(log, { flags: 'a' });
  let child: ChildProcess | undefined;
  let wanted = true;
  let expected = false;
  let downSeconds = 0;
  let crashes = 0;

  const start = () => {
    if (!wanted) return;
    beforeStart();
    expected = false;
    downSeconds = 0.3;
    const fresh = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    fresh.stderr.pipe(output, { end: false });
    fresh.once('exit', (code, signal) => {
      if (!expected) {
        crashes += 1;
        output.write(`CRASH: ended by itself, status ${code ?? signal}\n`);
      }
      child = undefined;
      setTimeout(start, downSeconds * 1000);
    });
    child = fresh;
  };
  start();
  // No process is left behind, even if the run is interrupted.
  const endWithUs = () => child?.kill('SIGKILL');
  process.once('exit', endWithUs);

  return {
    kill(signal, seconds) {
      if (child === undefined) return;
      expected = true;
      downSeconds = seconds;
      child.kill(signal);
    },
    async stop(signal) {
      wanted = false;
      process.off('exit', endWithUs);
      if (child === undefined) return;
      expected = true;
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
    },
    get crashes() {
      return crashes;
    },
  };
}
