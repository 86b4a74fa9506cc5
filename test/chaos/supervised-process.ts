import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';

/** A process that is started again whenever it ends, as a supervisor does. */
export type SupervisedProcess = {
  /** Kills it; it starts again after `downSeconds`. `whileDown` is called once it has ended. */
  kill(signal: NodeJS.Signals, downSeconds: number, whileDown?: () => void): void;
  /** Stops it for a while, as a hanging process is (SIGSTOP). */
  freeze(seconds: number): void;
  /** Sends a signal that does not end it. */
  signal(signal: NodeJS.Signals): void;
  /** Ends it for good. */
  stop(signal: NodeJS.Signals): Promise<void>;
  /** number of times it ended without being asked to */
  readonly crashes: number;
};

type Hooks = {
  readonly beforeStart?: () => void;
  /** Receives its stderr, in parts. */
  readonly said?: ((text: string) => void) | undefined;
};

/** @param log file for its stderr */
export function startSupervised(
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  log: string,
  { beforeStart, said }: Hooks = {},
): SupervisedProcess {
  const [program = '', ...args] = command;
  const output: WriteStream = createWriteStream(log, { flags: 'a' });
  let child: ChildProcess | undefined;
  let wanted = true;
  let expected = false;
  let downSeconds = 0;
  let crashes = 0;
  let startedAt = 0;
  let whileDown: () => void = () => undefined;

  const start = () => {
    if (!wanted) return;
    beforeStart?.();
    expected = false;
    downSeconds = 0.3;
    startedAt = performance.now();
    const fresh = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    fresh.stderr.pipe(output, { end: false });
    fresh.stderr.on('data', (chunk: Buffer) => said?.(chunk.toString()));
    fresh.once('exit', (code, signal) => {
      if (!expected) {
        crashes += 1;
        output.write(`CRASH: ended by itself, status ${code ?? signal}\n`);
      }
      child = undefined;
      whileDown();
      whileDown = () => undefined;
      setTimeout(start, downSeconds * 1000);
    });
    child = fresh;
  };
  start();
  // No process is left behind, even if the run is interrupted.
  const endWithUs = () => child?.kill('SIGKILL');
  process.once('exit', endWithUs);

  return {
    kill(signal, seconds, action = () => undefined) {
      if (child === undefined) return action();
      const before = whileDown;
      whileDown = () => {
        before();
        action();
      };
      expected = true;
      downSeconds = seconds;
      child.kill(signal);
    },
    freeze(seconds) {
      const frozen = child;
      frozen?.kill('SIGSTOP');
      setTimeout(() => frozen?.kill('SIGCONT'), seconds * 1000);
    },
    signal(signal) {
      const receiver = child;
      // One that has just started would end: it does not handle the signal yet.
      setTimeout(() => receiver?.kill(signal), Math.max(0, startedAt + 5000 - performance.now()));
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
