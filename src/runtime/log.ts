import { createRequire } from 'node:module';
import { pino, type Logger } from 'pino';
import type * as Pretty from 'pino-pretty';
import { redactor } from './redact.js';

/** The log of a process: fields first, then the message. */
export type Log = Logger;

/** The options of a log besides its level and the name of its process. */
export type LogOptions = {
  /** texts that are replaced wherever they appear */
  readonly secrets?: readonly string[];
  /** write lines for people instead of JSON; by default, if stderr is a terminal */
  readonly pretty?: boolean;
};

/**
 * Opens the log on stderr. A line is written before the call returns, so none is lost when the process ends, and without
 * secrets, the credentials in URLs and the signatures of snapshot URLs.
 */
export function createLog(level: string, name: string, options: LogOptions = {}): Log {
  const redact = redactor(options.secrets ?? []);
  const prettify = (options.pretty ?? process.stderr.isTTY) ? loadPretty(name) : (line: string) => line;
  return pino(
    { level, name, base: { pid: process.pid }, hooks: { streamWrite: (line) => prettify(redact(line)) } },
    pino.destination({ fd: 2, sync: true }),
  );
}

// Loaded only for a terminal: it takes longer than the rest of the log.
function loadPretty(name: string): (line: string) => string {
  const { prettyFactory } = createRequire(import.meta.url)('pino-pretty') as typeof Pretty;
  return prettyFactory({
    colorize: !process.env['NO_COLOR'],
    ignore: 'pid,hostname,name',
    // A line of level info needs no label except the name of the process.
    customPrettifiers: {
      level: (level, _key, _log, { labelColorized }) => (Number(level) === 30 ? name : `${name} ${labelColorized}`),
    },
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss',
  }) as (line: string) => string;
}
