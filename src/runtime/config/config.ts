import convict from 'convict';
import { adviseOn, checkTogether } from './cross-checks.js';
import { readEnvironment, type Environment } from './environment.js';
import { readConfigFile } from './file.js';
import { flatten, configKeys, nest, type ConfigValue } from './keys.js';
import { schema, type Config } from './schema.js';
import { withoutCredentials } from '../redact.js';
import { fromTutorial, isTutorialConfig } from './tutorial.js';

export type { Config };

/** A configuration with warnings, or everything that is wrong with it. */
export type LoadedConfig =
  { readonly config: Config; readonly warnings: readonly string[] } | { readonly problems: readonly string[] };

/** A Dropbox login that `roomwatch login dropbox` stored; the names are those of the configuration. */
export type StoredLogin = { readonly app_key: string; readonly refresh_token: string };

/** Where a configuration comes from. */
export type ConfigSources = {
  /** the file; undefined for none */
  readonly file: string | undefined;
  readonly env: Environment;
  /** `later` for a command that needs no secret yet, such as `login`, which gets one */
  readonly secrets?: 'needed' | 'later';
  /** reads the login stored in a data directory; throws an error that says what is wrong with the file */
  readonly readLogin?: (dataDir: string) => StoredLogin | undefined;
};

/** Builds the configuration (the environment takes precedence over the file, the file over the defaults) and checks it all. */
export function loadConfig({
  file,
  env,
  secrets = 'needed',
  readLogin = () => undefined,
}: ConfigSources): LoadedConfig {
  const fromFile = file === undefined ? nothing : readFile(file);
  const fromEnv = readEnvironment(env);
  const given = new Map([...fromFile.values, ...fromEnv.values]);
  const { values, problems: wrong } = validate(given);
  const problems = [...fromFile.problems, ...fromEnv.problems, ...wrong];
  if (values === undefined) return { problems };
  // A value that was given, but not understood, is not missing.
  const mistaken = (problem: string) => fromFile.mistaken.some((key) => problem.startsWith(`${key}:`));
  // A new login replaces the stored one, which may be damaged.
  const { config, problem } = secrets === 'later' ? { config: values } : withStoredLogin(values, readLogin);
  if (problem !== undefined) problems.push(problem);
  else if (secrets === 'needed') problems.push(...checkTogether(config).filter((one) => !mistaken(one)));
  if (problems.length > 0) return { problems: [...problems, ...fromFile.advice.filter(() => needsLogin(config))] };
  return { config, warnings: [...fromFile.advice, ...fromEnv.warnings, ...adviseOn(config)] };
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
  readonly values: ReadonlyMap<string, ConfigValue>;
  readonly problems: readonly string[];
  readonly mistaken: readonly string[];
  readonly advice: readonly string[];
};

const nothing: FileValues = { values: new Map(), problems: [], mistaken: [], advice: [] };

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
  return { values, problems, mistaken, advice: tutorial?.advice ?? [] };
}

/** The cross-checks must run even if some values are wrong: those are then replaced by their defaults. */
function validate(given: ReadonlyMap<string, ConfigValue>): { values: Config | undefined; problems: string[] } {
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
