import { createRequire } from 'node:module';
import { pino, type Logger } from 'pino';
import type * as Pretty from 'pino-pretty';
import type { RecentLog } from './recent-log.js';
import { redactor } from './redact.js';

/** The log of a process: fields first, then the message. */
export type Log = Logger;

/** The options of a log besides its level and the name of its process. */
export type LogOptions = {
  /** texts that are replaced wherever they appear */
  readonly secrets?: readonly string[];
  /** `auto`: text if stderr is a terminal, else JSON */
  readonly format?: 'json' | 'text' | 'auto';
  /** receives each line, too, without secrets */
  readonly recent?: Pick<RecentLog, 'add'>;
};

/**
 * Opens the log on stderr. A line is written before the call returns, so none is lost when the process ends, and without
 * secrets, the credentials in URLs and the signatures of snapshot URLs.
 */
export function createLog(level: string, name: string, options: LogOptions = {}): Log {
  const redact = redactor(options.secrets ?? []);
  const { format = 'auto' } = options;
  const isText = format === 'text' || (format === 'auto' && process.stderr.isTTY);
  const prettify = isText ? loadPretty(name) : (line: string) => line;
  return pino(
    {
      level,
      name,
      base: { pid: process.pid },
      // Lines in a file or a journal are read by people, too.
      timestamp: pino.stdTimeFunctions.isoTime,
      hooks: {
        streamWrite(line) {
          const shown = redact(line);
          options.recent?.add(shown);
          return prettify(shown);
        },
      },
    },
    pino.destination({ fd: 2, sync: true }),
  );
}

// Loaded only for text: it takes longer than the rest of the log.
function loadPretty(name: string): (line: string) => string {
  const { prettyFactory } = createRequire(import.meta.url)('pino-pretty') as typeof Pretty;
  return prettyFactory({
    colorize: process.stderr.isTTY && !process.env['NO_COLOR'],
    ignore: 'pid,hostname,name',
    // A line of level info needs no label except the name of the process.
    customPrettifiers: {
      level: (level, _key, _log, { labelColorized }) => (Number(level) === 30 ? name : `${name} ${labelColorized}`),
    },
    singleLine: true,
    // A file of lines spans days; a terminal does not.
    translateTime: process.stderr.isTTY ? 'SYS:HH:MM:ss' : 'SYS:yyyy-mm-dd HH:MM:ss.l o',
  }) as (line: string) => string;
}
