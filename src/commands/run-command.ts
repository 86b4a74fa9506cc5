import { readStoredLogin } from '../adapters/files/stored-login.js';
import { loadConfig, type Config } from '../runtime/config/config.js';
import { setsAnyKey } from '../runtime/config/environment.js';
import { secretsOf } from '../runtime/config/secrets.js';
import { createLog, type Log } from '../runtime/log.js';
import { run } from '../runtime/process/run.js';
import { openWatchdog } from '../runtime/process/watchdog.js';
import { isSupervised } from '../runtime/process/supervised.js';

/** What a command works with. */
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
  /** what to do if nothing at all is configured: run on the defaults, or refuse */
  readonly without?: 'defaults' | 'refuse';
  /** see `ConfigSources` */
  readonly secrets?: 'needed' | 'later';
};

/**
 * Runs a command as the whole work of this process. Its configuration is checked completely before anything starts; if
 * anything is wrong, every problem is listed and the exit status is 2.
 */
export async function command(
  name: string,
  { conf, without = 'refuse', secrets = 'needed' }: CommandOptions,
  work: (given: Given) => Promise<number | void>,
): Promise<void> {
  const { env } = process;
  const file = conf ?? (env['ROOMWATCH_CONF'] || undefined);
  // `roomwatch start` gives its children its own sources, and there may be none.
  if (file === undefined && without === 'refuse' && !isSupervised() && !setsAnyKey(env)) {
    return wrongUsage('a configuration is needed: --conf FILE, or ROOMWATCH_CONF, or ROOMWATCH_… variables');
  }
  const loaded = loadConfig({ file, env, secrets, readLogin: readStoredLogin });
  if ('problems' in loaded) return refuse(file, loaded.problems);
  const { config, warnings } = loaded;
  const log = createLog(config.log.level, name, { secrets: secretsOf(config), format: config.log.format });
  // Logged once, by `roomwatch start` and not by its children.
  if (!isSupervised()) warnings.forEach((warning) => log.warn(warning));
  await run(log, async (signal) => {
    const watchdog = openWatchdog(log);
    watchdog.ready();
    return work({ config, log, signal, file }).finally(() => watchdog.close());
  });
}

/** Prints what is wrong with the command line; the exit status will be 2. */
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
