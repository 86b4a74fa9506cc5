import { readStoredLogin } from '../adapters/files/stored-login.js';
import { createBoundedQueue } from '../async/bounded-queue.js';
import type { Insight } from '../domain/page/insight.js';
import { loadConfig, type Config, type LoadedConfig } from '../runtime/config/config.js';
import { setsAnyKey } from '../runtime/config/environment.js';
import { describeConfig } from '../runtime/config/describe.js';
import { secretsOf } from '../runtime/config/secrets.js';
import { createLog, type Log } from '../runtime/log.js';
import { createRecentLog } from '../runtime/recent-log.js';
import { run } from '../runtime/process/run.js';
import { openWatchdog } from '../runtime/process/watchdog.js';
import { isSupervised } from '../runtime/process/supervised.js';
import { becomeServiceUser, rightsAdvice } from './as-services.js';

/** What a command works with. */
export type Given = {
  /** of the room that was chosen; for a command that works for all rooms, what they share */
  readonly config: Config;
  /** every room of the configuration */
  readonly rooms: readonly Config[];
  readonly log: Log;
  /** the chosen configuration and the newest log lines, for people */
  readonly insight: Insight;
  readonly signal: AbortSignal;
  /** the configuration file, if there is one */
  readonly file: string | undefined;
  /** whether it works as the user of the Debian package's services */
  readonly asServices: boolean;
  /** the times when the configuration is to be read again: none, unless the command rereads it */
  readonly rereads: AsyncIterable<unknown>;
  /** Reads the configuration again. */
  reread(): LoadedConfig;
};

/** How a command finds its configuration. */
export type CommandOptions = {
  /** the file of `--conf` */
  readonly conf: string | undefined;
  /** what to do if nothing at all is configured: run on the defaults, or refuse */
  readonly without?: 'defaults' | 'refuse';
  /** see `ConfigSources` */
  readonly secrets?: 'needed' | 'later';
  /** whether it opens the camera, so that a configuration must name one */
  readonly opensCamera?: boolean;
  /** for a command that works on one room: what `--room` says */
  readonly room?: { readonly named: string | undefined };
  /** whether it reads the configuration again when it receives SIGHUP */
  readonly rereads?: boolean;
  /** whether root, with the configuration of the Debian package's services, works as their user */
  readonly asServices?: boolean;
  /** see `RunOptions` */
  readonly unfinished?: string;
};

/**
 * Runs a command as the whole work of this process. Its configuration is checked completely before anything starts; if
 * anything is wrong, every problem is listed and the exit status is 2.
 */
export async function command(
  name: string,
  options: CommandOptions,
  work: (given: Given) => Promise<number | void>,
): Promise<void> {
  const { conf, without = 'refuse', secrets = 'needed' } = options;
  const { env } = process;
  const file = conf ?? (env['ROOMWATCH_CONF'] || undefined);
  const asServices = options.asServices === true && becomeServiceUser(file);
  // `roomwatch start` gives its children its own sources, and there may be none.
  const mayLackAll = without === 'defaults' || isSupervised();
  if (file === undefined && !mayLackAll && !setsAnyKey(env)) {
    return wrongUsage('a configuration is needed: --conf FILE, or ROOMWATCH_CONF, or ROOMWATCH_… variables');
  }
  const camera = options.opensCamera && (file !== undefined || !mayLackAll) ? 'needed' : 'default';
  const reread = () => loadConfig({ file, env, secrets, camera, readLogin: readStoredLogin });
  const loaded = reread();
  if ('problems' in loaded) return refuse(file, [...loaded.problems, ...(asServices ? rightsAdvice(file) : [])]);
  const { rooms, warnings } = loaded;
  const config =
    options.room === undefined ? loaded.config : choose(rooms, options.room.named ?? env['ROOMWATCH_ROOM']);
  if (config === undefined) return wrongUsage(whichRoom(rooms, options.room?.named));
  const recent = createRecentLog();
  const log = createLog(config.log.level, name, {
    recent,
    secrets: [config, ...rooms].flatMap(secretsOf),
    format: config.log.format,
  });
  // Logged once, by `roomwatch start` and not by its children.
  if (!isSupervised()) warnings.forEach((warning) => log.warn(warning));
  const insight: Insight = {
    configuration: describeConfig(config, loaded.given.get(config) ?? new Map(), file),
    logLines: recent.read,
  };
  const rereads = createBoundedQueue<true>();
  const hungUp = options.rereads ? () => rereads.put(true) : undefined;
  const main = async (signal: AbortSignal) => {
    const watchdog = openWatchdog(log);
    watchdog.ready();
    return work({ config, rooms, log, insight, signal, file, asServices, rereads, reread }).finally(() =>
      watchdog.close(),
    );
  };
  await run(log, main, { reread: hungUp, unfinished: options.unfinished });
}

/** Runs a command without a configuration as the whole work of this process; `unfinished` as in `RunOptions`. */
export async function task(
  name: string,
  unfinished: string,
  work: (signal: AbortSignal) => Promise<number>,
): Promise<void> {
  await run(createLog('info', name, { secrets: [], format: 'auto' }), work, { unfinished });
}

/** Gives the only room, or the one that is named. */
function choose(rooms: readonly Config[], named: string | undefined): Config | undefined {
  if (!named) return rooms.length === 1 ? rooms[0] : undefined;
  return rooms.find(({ room }) => room === named);
}

function whichRoom(rooms: readonly Config[], named: string | undefined): string {
  const names = rooms.map(({ room }) => room).join(', ');
  if (named === undefined) return `the configuration has several rooms: choose one with --room (${names})`;
  return `the configuration has no room ${named}; it has ${names}`;
}

/** Prints what is wrong with the command line; the exit status will be 2. */
export function wrongUsage(message: string): undefined {
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
