import { constants } from 'node:os';
import { isatty } from 'node:tty';
import type { Log } from '../log.js';
import { isSupervised, supervisorIsGone } from './supervised.js';

/** How long a clean stop may take. The contract promises 5 s; the rest is for ending the process. */
export const stopSeconds = 4.5;

/** A signal this soon after the first is the same one: npm and `timeout` forward what the terminal sends to every process. */
const echoSeconds = 1;

/** What is different from one kind of work to another. */
export type RunOptions = {
  /** called for SIGHUP instead of stopping, unless SIGHUP means that the terminal is gone */
  readonly reread?: (() => void) | undefined;
  /** for work that is not done if it is stopped: what to say then; the status is that of a process which the signal ended */
  readonly unfinished?: string | undefined;
};

/**
 * Runs the whole work of a process, then ends the process with the status of the work (0 if it gives none), or with 1 if
 * it failed. SIGTERM, SIGINT, SIGHUP and unexpected errors abort the signal; the work then has `stopSeconds` to finish,
 * and another signal or error ends the process at once. A process that `roomwatch start` started also stops when
 * `roomwatch start` is gone, even before this call, and leaves Ctrl-C and a second signal to it. A fault in native code kills the process: no
 * listener can run after it (nodejs.org/api/process.html#signal-events).
 */
export async function run(
  log: Log,
  main: (signal: AbortSignal) => Promise<number | void>,
  { reread, unfinished }: RunOptions = {},
): Promise<never> {
  // Without this, a process whose supervisor was killed before the channel had a listener would run for ever.
  if (supervisorIsGone()) {
    log.info('roomwatch start, which started this process, has ended: stopping');
    process.exit(0);
  }
  const stopping = new AbortController();
  const { signal } = stopping;
  let failed = false;
  const stop = () => {
    if (!signal.aborted) setTimeout(() => exitLate(log), stopSeconds * 1000);
    stopping.abort();
  };
  // Unhandled rejections arrive here, too.
  process.on('uncaughtException', (err) => {
    log.fatal({ err }, 'unexpected error');
    if (signal.aborted) process.exit(1);
    failed = true;
    stop();
  });
  let received: NodeJS.Signals | undefined;
  handleSignals(log, (by) => ((received ??= by), stop()), reread);
  const status = await main(signal).catch((error: unknown) => {
    exitUnlessStopped(log, error, signal);
    if (unfinished !== undefined && received !== undefined) exitUnfinished(unfinished, received);
  });
  if (failed) process.exit(1);
  process.exit(signal.aborted ? 0 : (status ?? 0));
}

function handleSignals(log: Log, stop: (signal?: NodeJS.Signals) => void, reread?: () => void): void {
  const supervised = isSupervised();
  let firstAt: number | undefined;
  const handle = (signal: NodeJS.Signals) => {
    firstAt ??= performance.now();
    if (supervised || performance.now() - firstAt < echoSeconds * 1000) return stop(signal);
    log.warn({ signal }, 'stopping at once');
    process.exit(1);
  };
  process.on('SIGTERM', handle);
  // The terminal sends these to every process; the supervisor stops its children in order.
  process.on('SIGINT', supervised ? () => {} : handle);
  const terminals = [0, 1, 2].filter((fd) => isatty(fd));
  const isTerminalGone = () => terminals.some((fd) => !isatty(fd));
  process.on('SIGHUP', (signal) => {
    if (supervised) return;
    if (reread === undefined || isTerminalGone()) handle(signal);
    else reread();
  });
  if (!supervised) return;
  process.once('disconnect', () => stop());
  process.channel?.unref();
}

/** As a shell reports it: 128 and the number of the signal, so 130 for Ctrl-C. */
function exitUnfinished(words: string, signal: NodeJS.Signals): never {
  process.stderr.write(`\n${words}\n`);
  process.exit(128 + constants.signals[signal]);
}

function exitLate(log: Log): never {
  log.error(`not stopped within ${stopSeconds} s, ending anyway`);
  process.exit(1);
}

/** Reports why the work failed and ends the process, unless the work failed only because it was stopped. */
function exitUnlessStopped(log: Log, error: unknown, signal: AbortSignal): void {
  if (signal.aborted && error instanceof Error && error.name === 'AbortError') return;
  logFailure(log, error);
  process.exit(1);
}

/** Logs a failure: trouble outside with its message only, a bug with its stack. */
function logFailure(log: Log, error: unknown): void {
  if (!(error instanceof Error) || isBug(error)) log.fatal({ err: error }, 'unexpected error');
  else log.fatal(messageWithCauses(error));
  if (error instanceof Error) log.debug({ err: error }, 'the error with its stack');
}

function messageWithCauses(error: Error): string {
  const { cause } = error;
  return cause instanceof Error && !error.message.includes(cause.message)
    ? `${error.message}: ${messageWithCauses(cause)}`
    : error.message;
}

function isBug(error: Error): boolean {
  // fetch throws a TypeError for a network error, too, with that error as its cause.
  if (error.cause instanceof Error) return false;
  return error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError;
}
