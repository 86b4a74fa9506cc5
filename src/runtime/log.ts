import { createRequire } from 'node:module';
import { pino, type Logger } from 'pino';
import type * as Pretty from 'pino-pretty';
import { redactor } from './redact.js';

/** What every part of the program logs with: fields first, then the words. */
export type Log = Logger;

/** How a log is made, besides its level and the name of the process that writes it. */
export type LogOptions = {
  /** texts that never appear, whatever is logged */
  readonly secrets?: readonly string[];
  /** lines for people instead of JSON; unless said, when stderr is a terminal */
  readonly pretty?: boolean;
};

/**
 * Opens the log on stderr. Lines are written before the call returns, so none is lost when the process ends, and go out
 * without secrets, the credentials within URLs and the signatures of snapshot URLs.
 */
export function createLog(level: string, name: string, options: LogOptions = {}): Log {
  const redact = redactor(options.secrets ?? []);
  const prettify = (options.pretty ?? process.stderr.isTTY) ? loadPretty(name) : (line: string) => line;
  return pino(
    { level, name, base: { pid: process.pid }, hooks: { streamWrite: (line) => prettify(redact(line)) } },
    pino.destination({ fd: 2, sync: true }),
  );
}

// Loaded where there is a terminal only: it takes longer than all the rest of the log.
function loadPretty(name: string): (line: string) => string {
  const { prettyFactory } = createRequire(import.meta.url)('pino-pretty') as typeof Pretty;
  return prettyFactory({
    colorize: !process.env['NO_COLOR'],
    ignore: 'pid,hostname,name',
    // What goes as it should needs no label, but the process that says it.
    customPrettifiers: {
      level: (level, _key, _log, { labelColorized }) => (Number(level) === 30 ? name : `${name} ${labelColorized}`),
    },
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss',
  }) as (line: string) => string;
}
