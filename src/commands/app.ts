import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sharedSigningSecret } from '../adapters/files/signing-secret.js';
import { connectSupervisor, type Supervisor } from '../adapters/supervisor/supervisor.js';
import { pause } from '../async/pause.js';
import { parseJson } from '../domain/contract/read-json.js';
import { appEnvironment, namesBroker, namesRoom, type KnownBroker } from '../runtime/app/app-settings.js';
import { readConfigFile } from '../runtime/config/file.js';
import { isSection, type Section } from '../runtime/config/section.js';
import { createLog, type Log } from '../runtime/log.js';
import { wrongUsage } from './run-command.js';

/** Where the Home Assistant app finds its things; a real Supervisor has them at the defaults of the command line. */
export type AppPlaces = {
  readonly options: string;
  /** the folder of the user's own `roomwatch.yaml` */
  readonly config: string;
  readonly data: string;
  readonly supervisor: string;
  readonly supervisorAddress: string;
  readonly port: string;
};

/**
 * Turns what Home Assistant knows into the environment of this process, for `roomwatch start`; gives the user's own file, if
 * there is one. If something is missing that only the user can add, it says so and gives undefined; it waits for a broker.
 */
export async function prepareApp(places: AppPlaces): Promise<{ readonly conf: string | undefined } | undefined> {
  const log = createLog('info', 'app', { format: 'text' });
  const options = readOptions(places.options);
  if (options === undefined) return wrongUsage(`${places.options} cannot be read: this command is for Home Assistant`);
  const conf = join(places.config, 'roomwatch.yaml');
  const hasFile = existsSync(conf);
  const file = hasFile ? readConfigFile(conf) : { problems: [] };
  // What is wrong with it is listed when `start` reads it.
  const own = 'tree' in file ? file.tree : {};
  if (!namesRoom({ options, own }) && (!hasFile || 'tree' in file)) {
    return wrongUsage(
      'there is no room yet: under Configuration, add a room with its camera to "rooms", save, and start the app again',
    );
  }
  const supervisor = connectSupervisor(places.supervisor, process.env['SUPERVISOR_TOKEN'] ?? '');
  const slug = await slugOf(supervisor, log);
  const broker = namesBroker({ options, own }) ? undefined : await waitForBroker(supervisor, log);
  const environment = appEnvironment({
    ...{ options, own, broker, slug },
    ...{ dataDir: places.data, supervisorAddress: places.supervisorAddress, port: Number(places.port) },
    ...{ secret: await sharedSigningSecret(places.data), password: randomBytes(24).toString('hex') },
    timezone: process.env['TZ'],
  });
  Object.assign(process.env, environment);
  // No process that `start` runs needs it.
  delete process.env['SUPERVISOR_TOKEN'];
  delete process.env['HASSIO_TOKEN'];
  if (existsSync(places.config)) process.chdir(places.config);
  return { conf: hasFile ? conf : undefined };
}

function readOptions(path: string): Section | undefined {
  try {
    const options = parseJson(readFileSync(path, 'utf8'));
    return isSection(options) ? options : undefined;
  } catch {
    return undefined;
  }
}

/** Without it, only the link from a room's device to its page is missing. */
async function slugOf(supervisor: Supervisor, log: Log): Promise<string | undefined> {
  const asked = await supervisor.self();
  if ('value' in asked) return asked.value.slug;
  log.warn({ why: asked.why }, 'the Supervisor did not say what this app is called');
  return undefined;
}

async function waitForBroker(supervisor: Supervisor, log: Log): Promise<KnownBroker> {
  for (let seconds = 5; ; seconds = Math.min(60, seconds * 2)) {
    const asked = await supervisor.mqtt();
    if ('value' in asked) {
      log.info({ host: asked.value.host, port: asked.value.port }, "using Home Assistant's broker");
      return asked.value;
    }
    if (seconds === 5) {
      const advice = 'install and start the app "Mosquitto broker", or set mqtt.url under Configuration; waiting';
      log.warn({ why: asked.why }, `Home Assistant knows no MQTT broker: ${advice}`);
    }
    await pause(seconds, new AbortController().signal);
  }
}
