import * as z from 'zod';
import { instant } from '../contract/payloads.js';

/** One value of the configuration in force, and where it comes from. */
export const configurationEntry = z.strictObject({
  key: z.string().describe('as in the configuration file: `mqtt.url`'),
  value: z.json().describe('without secrets; null if it is not set'),
  source: z
    .enum(['default', 'file', 'environment', 'login', 'page'])
    .describe('`login`: stored by `roomwatch login`; `page`: changed since, on the page or on MQTT'),
  name: z.string().nullable().describe('the file, or the environment variable'),
});
export type ConfigurationEntry = z.infer<typeof configurationEntry>;

/** The levels of log lines, the least important first. */
export const logLevel = z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']);
export type LogLevel = z.infer<typeof logLevel>;

/** One line of the log of a process. */
export const logLine = z.strictObject({
  at: instant,
  level: logLevel,
  message: z.string(),
  fields: z.record(z.string(), z.json()),
});
export type LogLine = z.infer<typeof logLine>;

/** The lowest level that is wanted. */
export const logQuery = z.strictObject({ level: logLevel.optional() });
export type LogQuery = z.infer<typeof logQuery>;

/** What a process shows of itself. */
export type Insight = {
  readonly configuration: readonly ConfigurationEntry[];
  /** The newest lines of at least this level, the oldest first. */
  logLines(level: LogLevel): readonly LogLine[];
};
