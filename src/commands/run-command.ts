import { readStoredLogin } from '../adapters/files/stored-login.js';
import { loadConfig, type Config } from '../runtime/config/config.js';
import { saysAnything } from '../runtime/config/environment.js';
import { secretsOf } from '../runtime/config/secrets.js';
import { createLog, type Log } from '../runtime/log.js';
import { run } from '../runtime/process/run.js';
import { openWatchdog } from '../runtime/process/watchdog.js';
import { isSupervised } from '../runtime/process/supervised.js';

/** What a command is given to do its work with. */
export type Given = {
  readonly config: Config;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** the configuration file, if there is one */
  readonly file: string | undefined;
};

/** How a command finds its configuration. */
export type CommandOptions = {
  /** the file of `--conf` */
  readonly conf: string | undefined;
  /** what a command does where nothing at all is configured: run on the defaults, or refuse */
  readonly without?: 'defaults' | 'refuse';
  readonly secrets?: 'needed' | 'later';
};

/**
 * Carries out a command as this process's whole work: its configuration is checked completely before anything starts,
 * else every problem is listed and the status is 2.
 */
export async function command(
  name: string,
  { conf, without = 'refuse', secrets = 'needed' }: CommandOptions,
  work: (given: Given) => Promise<number | void>,
): Promise<void> {
  const { env } = process;
  const file = conf ?? (env['ROOMWATCH_CONF'] || undefined);
  // A child of `roomwatch start` is given what that one was given, which may be nothing.
  if (file === undefined && without === 'refuse' && !isSupervised() && !saysAnything(env)) {
    return wrongUsage('name a configuration: --conf FILE, or ROOMWATCH_CONF, or ROOMWATCH_… variables');
  }
  const loaded = loadConfig({ file, env, secrets, readLogin: readStoredLogin });
  if ('problems' in loaded) return refuse(file, loaded.problems);
  const { config, warnings } = loaded;
  const log = createLog(config.log.level, name, { secrets: secretsOf(config) });
  // Its children would say them again.
  if (!isSupervised()) warnings.forEach((warning) => log.warn(warning));
  await run(log, async (signal) => {
    const watchdog = openWatchdog(log);
    watchdog.ready();
    return work({ config, log, signal, file }).finally(() => watchdog.close());
  });
}

/** Says what is wrong with the command line; the status is 2. */
export function wrongUsage(message: string): void {
  process.stderr.write(`error: ${message}\n(roomwatch --help shows how)\n`);
  process.exitCode = 2;
}

function refuse(file: string | undefined, problems: readonly string[]): void {
  const where = file === undefined ? 'the environment' : `${file} and the environment`;
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  const list = problems.map((problem) => `  - ${problem}\n`).join('');
  process.stderr.write(`roomwatch: the configuration (${where}) has ${count}; nothing was started\n${list}`);
  process.exitCode = 2;
}
