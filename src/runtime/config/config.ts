import { dirname, resolve } from 'node:path';
import convict from 'convict';
import { adviseOn, checkTogether } from './cross-checks.js';
import { readEnvironment, unknownVariables, type Environment } from './environment.js';
import { readConfigFile } from './file.js';
import { flatten, configKeys, nest, type ConfigValue } from './keys.js';
import { findClashes } from './room-clashes.js';
import { namesOf, readRooms, type Values } from './rooms.js';
import { schema, type Config } from './schema.js';
import { withoutCredentials } from '../redact.js';
import { fromTutorial, isTutorialConfig } from './tutorial.js';

export type { Config };

/** A configuration with warnings, or everything that is wrong with it. */
export type LoadedConfig =
  | {
      /** of a file with several rooms, what they share: its room and camera mean nothing */
      readonly config: Config;
      /** each room, in the order of the file; the only one of a file without `rooms` */
      readonly rooms: readonly [Config, ...Config[]];
      readonly warnings: readonly string[];
      /** of each room, the values that are not defaults */
      readonly given: ReadonlyMap<Config, Values>;
    }
  | { readonly problems: readonly string[] };

/** A Dropbox login that `roomwatch login dropbox` stored; the names are those of the configuration. */
export type StoredLogin = { readonly app_key: string; readonly refresh_token: string };

/** Where a configuration comes from. */
export type ConfigSources = {
  /** the file; undefined for none */
  readonly file: string | undefined;
  readonly env: Environment;
  /** `later` for a command that needs no secret yet, such as `login`, which gets one */
  readonly secrets?: 'needed' | 'later';
  /** `needed` for a command that opens the camera: a source must be given; otherwise the default is the bundled clip */
  readonly camera?: 'needed' | 'default';
  /** reads the login stored in a data directory; throws an error that says what is wrong with the file */
  readonly readLogin?: (dataDir: string) => StoredLogin | undefined;
};

/** Builds the configuration (the environment takes precedence over the file, the file over the defaults) and checks it all. */
export function loadConfig(sources: ConfigSources): LoadedConfig {
  const { file, env, secrets = 'needed' } = sources;
  const fromFile = file === undefined ? nothing : readFile(file);
  const fromEnv = readEnvironment(env);
  const shared = new Map([...fromFile.values, ...fromEnv.values]);
  const list = shared.get('rooms');
  const folder = list?.origin === undefined ? fromFile.folder : undefined;
  const several = list && readRooms(list.value, { shared, env, folder, mistaken: fromFile.mistaken });
  const built = (several?.rooms ?? [shared]).map((values) => build(values, sources, fromFile.mistaken));
  const common = several && build(new Map([...shared].filter(([path]) => path !== 'rooms')), sources, []);

  const rooms = built.flatMap(({ config }) => config ?? []);
  const clashes = secrets === 'needed' ? findClashes(rooms) : [];
  const found = [fromFile, fromEnv, several ?? { problems: [] }, ...built].flatMap(({ problems }) => problems);
  // What is wrong outside `rooms` is wrong in each of them.
  const problems = [...new Set([...found, ...clashes])];
  const [first, ...others] = rooms;
  const config = common === undefined ? first : common.config;
  if (problems.length > 0 || first === undefined || config === undefined) {
    const advised = first !== undefined && needsLogin(first) ? fromFile.advice : [];
    return { problems: [...problems, ...advised] };
  }
  const unknown = unknownVariables(env, namesOf(list?.value));
  const given = new Map(built.flatMap((one) => (one.config === undefined ? [] : [[one.config, one.given] as const])));
  const warnings = [...fromFile.advice, ...unknown, ...adviseOn(config)];
  return { config, rooms: [first, ...others], warnings, given };
}

/** The keys that say where data and pictures are. */
export type PlaceKey = 'data_dir' | 'archive.folder';

/** Where a configuration file has data and pictures, whatever else is wrong with it; or why it does not say. */
export function readPlaces(file: string): ReadonlyMap<PlaceKey, string> | { readonly problems: readonly string[] } {
  const { values, problems, mistaken } = readFile(file);
  const places = new Map<PlaceKey, string>();
  for (const key of ['data_dir', 'archive.folder'] as const) {
    const place = mistaken.includes(key) ? undefined : values.get(key)?.value;
    if (typeof place !== 'string') return { problems };
    places.set(key, place);
  }
  return places;
}

type Built = { readonly config: Config | undefined; readonly problems: readonly string[]; readonly given: Values };

/** Builds one room's configuration, and lists what is wrong with it. */
function build(given: Values, sources: ConfigSources, mistakenKeys: readonly string[]): Built {
  const { secrets = 'needed', camera = 'default', readLogin = () => undefined } = sources;
  const { values, problems } = validate(given);
  if (values === undefined) return { config: undefined, problems, given };
  // A value that was given, but not understood, is not missing.
  const mistaken = (problem: string) => mistakenKeys.some((key) => problem.startsWith(`${key}:`));
  // A new login replaces the stored one, which may be damaged.
  const { config, problem } = secrets === 'later' ? { config: values } : withStoredLogin(values, readLogin);
  if (problem !== undefined) problems.push(problem);
  else if (secrets === 'needed') problems.push(...checkTogether(config).filter((one) => !mistaken(one)));
  if (camera === 'needed' && !given.has('camera.source') && !mistakenKeys.includes('camera.source')) {
    problems.push(`camera.source${whose(given)}: needed: ${needed}`);
  }
  return { config, problems, given };
}

const needed = 'rtsp://…, http://…, /dev/video0, rpicam, a file, or sample for the bundled demonstration clip';

function whose(given: Values): string {
  const origin = given.get('room')?.origin;
  return origin === undefined ? '' : ` (${origin})`;
}

/**
 * A refresh token belongs to one app: if another app is configured, the stored login is not used. It takes precedence over
 * a configured access token, which expires after hours.
 */
function withStoredLogin(
  config: Config,
  readLogin: NonNullable<ConfigSources['readLogin']>,
): { config: Config; problem?: string } {
  const { archive, dropbox, data_dir } = config;
  if (archive.kind !== 'dropbox' || dropbox.refresh_token !== undefined) return { config };
  try {
    const stored = readLogin(data_dir);
    if (stored === undefined || (dropbox.app_key ?? stored.app_key) !== stored.app_key) return { config };
    return { config: freeze({ ...config, dropbox: { ...dropbox, ...stored } }) };
  } catch (error) {
    return { config, problem: (error as Error).message };
  }
}

function needsLogin({ archive, dropbox }: Config): boolean {
  return archive.kind === 'dropbox' && dropbox.access_token === undefined && dropbox.refresh_token === undefined;
}

/** The values of a file, and what is wrong with it; `mistaken` are keys whose values are not understood. */
type FileValues = {
  readonly values: Values;
  readonly problems: readonly string[];
  readonly mistaken: readonly string[];
  readonly advice: readonly string[];
  /** the folder that its paths are relative to */
  readonly folder: string | undefined;
};

const nothing: FileValues = { values: new Map(), problems: [], mistaken: [], advice: [], folder: undefined };

function readFile(path: string): FileValues {
  const file = readConfigFile(path);
  if ('problems' in file) return { ...nothing, problems: file.problems };
  const tutorial = isTutorialConfig(file.tree) ? fromTutorial(file.tree) : undefined;
  const own = flatten(tutorial?.rest ?? file.tree);
  const values = new Map([...(tutorial?.values ?? []), ...own.values]);
  const mistaken = file.mistakes.map(({ key }) => key);
  for (const key of mistaken) values.delete(key);
  // With `room:kitchen`, keys only seem to be wrong.
  const others = own.problems.filter((problem) => !mistaken.some((key) => problem.startsWith(`${key}:`)));
  const wrong = others.length > 0 && file.unspaced.length > 0 ? file.unspaced : others;
  const problems = [...file.mistakes.map(({ problem }) => problem), ...(tutorial?.problems ?? []), ...wrong];
  const folder = folderOf(path);
  return { values: locate(values, folder), problems, mistaken, advice: tutorial?.advice ?? [], folder };
}

/** A pipe, as in `--conf <(…)`, has no folder of its own. */
function folderOf(path: string): string {
  const folder = dirname(resolve(path));
  return /^\/(?:dev|proc)\b/.test(folder) ? process.cwd() : folder;
}

/** Makes paths relative to the folder of the file, those that are left out too: not to the folder of whoever starts it. */
function locate(values: Values, folder: string): Values {
  const located = new Map<string, ConfigValue>();
  for (const [path, key] of configKeys) {
    const { value = key.default, ...from } = values.get(path) ?? { isDefault: true };
    const place = key.locate(value, folder);
    if (values.has(path) || place !== value) located.set(path, { ...from, value: place });
  }
  return located;
}

/** The cross-checks must run even if some values are wrong: those are then replaced by their defaults. */
function validate(given: Values): { values: Config | undefined; problems: string[] } {
  const normalised = [...given].map(([path, { value }]) => [path, configKeys.get(path)?.normalise(value)] as const);
  try {
    return { values: freeze(read(normalised)), problems: [] };
  } catch (error) {
    const problems = (error as Error).message.split('\n').map((line) => {
      const path = line.slice(0, line.indexOf(':'));
      const origin = given.get(path)?.origin;
      return withoutCredentials(origin === undefined ? line : line.replace(path, `${path} (${origin})`));
    });
    const wrong = new Set((error as Error).message.split('\n').map((line) => line.slice(0, line.indexOf(':'))));
    return { values: read(normalised.filter(([path]) => !wrong.has(path))), problems };
  }
}

function read(values: readonly (readonly [string, unknown])[]): Config {
  // Not convict's own reader of the environment: environment.ts knows lists and files with secrets.
  const conf = convict(schema as unknown as convict.Schema<Config>, { env: {}, args: [] });
  return conf.load(nest(values)).validate({ allowed: 'strict' }).getProperties() as Config;
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
  return value;
}
