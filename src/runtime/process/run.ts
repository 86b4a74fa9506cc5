import closeWithGrace from 'close-with-grace';
import type { Log } from '../log.js';
import { isSupervised } from './supervised.js';
import { monotonicSeconds } from '../../async/clock.js';

const everySignal = [
  ...(['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGUSR2'] as const),
  ...(['SIGILL', 'SIGTRAP', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGSEGV'] as const),
];

/** How long a clean stop may take. The promise is 5 s; the rest is for ending. */
export const stopSeconds = 4.5;

/** A signal this soon after the first is the same one: npm and `timeout` pass on what the process got from the terminal, too. */
const echoSeconds = 1;

/**
 * Runs a process's whole work and ends the process with its status (0 when it gives none), or with 1 when it fails.
 * SIGTERM, SIGINT and SIGHUP abort the signal; the work then has `stopSeconds` to finish, and another one ends it at once.
 * A process started by `roomwatch start` also stops when that one is gone, and leaves Ctrl-C and haste to it.
 */
export async function run(log: Log, main: (signal: AbortSignal) => Promise<number | void>): Promise<never> {
  const stopping = new AbortController();
  const grace = closeWithGrace(
    {
      delay: stopSeconds * 1000,
      logger: false,
      // Signals are ours: it would take an echo for a second one. Faults in native code have to kill, as no listener can
      // run after them (nodejs.org/api/process.html#signal-events).
      skip: [...everySignal, 'beforeExit'],
      onSecondError: (err) => log.fatal({ err }, 'another unexpected error while stopping'),
      onTimeout: () => log.error(`not stopped within ${stopSeconds} s, ending anyway`),
    },
    async ({ err }) => {
      if (err !== undefined) log.fatal({ err }, 'unexpected error');
      stopping.abort();
      await work;
    },
  );
  obeySignals(log, () => (stopping.signal.aborted ? undefined : grace.close()));
  const work = Promise.resolve(main(stopping.signal)).catch((error: unknown) => endWith(log, error, stopping.signal));
  const status = await work;
  // Once the work is told to stop, close-with-grace ends the process, as it knows why.
  if (stopping.signal.aborted) return new Promise<never>(() => {});
  process.exit(status ?? 0);
}

function obeySignals(log: Log, stop: () => void): void {
  const supervised = isSupervised();
  let firstAt: number | undefined;
  const obey = (signal: string) => {
    firstAt ??= monotonicSeconds();
    if (supervised || monotonicSeconds() - firstAt < echoSeconds) return stop();
    log.warn({ signal }, 'stopping at once');
    process.exit(1);
  };
  process.on('SIGTERM', obey);
  // The terminal tells every process at once; the supervisor stops them in order.
  process.on('SIGINT', supervised ? () => {} : obey);
  process.on('SIGHUP', supervised ? () => {} : obey);
  if (!supervised) return;
  process.once('disconnect', stop);
  process.channel?.unref();
}

/** Says why the work failed; does not return unless it failed only because it was told to stop. */
function endWith(log: Log, error: unknown, signal: AbortSignal): void {
  if (signal.aborted && error instanceof Error && error.name === 'AbortError') return;
  sayFailure(log, error);
  process.exit(1);
}

/** Logs a failure: trouble in its own words alone, a bug with its stack. */
export function sayFailure(log: Log, error: unknown): void {
  if (!(error instanceof Error) || isBug(error)) log.fatal({ err: error }, 'unexpected error');
  else log.fatal(explain(error));
  if (error instanceof Error) log.debug({ err: error }, 'it came from here');
}

/** An error's message with those of its causes. */
export function explain(error: Error): string {
  const { cause } = error;
  return cause instanceof Error && !error.message.includes(cause.message)
    ? `${error.message}: ${explain(cause)}`
    : error.message;
}

function isBug(error: Error): boolean {
  // fetch says TypeError for a network that does not answer, too, with the trouble as its cause.
  if (error.cause instanceof Error) return false;
  return error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError;
}
