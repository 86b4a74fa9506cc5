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
  const fromFile = file === undefined ? { values: new Map<string, ConfigValue>(), problems: [] } : readFile(file);
  const fromEnv = readEnvironment(env);
  const given = new Map([...fromFile.values, ...fromEnv.values]);
  const { values, problems: wrong } = validate(given);
  const problems = [...fromFile.problems, ...fromEnv.problems, ...wrong];
  if (values === undefined) return { problems };
  // A new login replaces the stored one, which may be damaged.
  const { config, problem } = secrets === 'later' ? { config: values } : withStoredLogin(values, readLogin);
  if (problem !== undefined) problems.push(problem);
  else if (secrets === 'needed') problems.push(...checkTogether(config));
  if (problems.length > 0) return { problems };
  return { config, warnings: [...fromEnv.warnings, ...adviseOn(config)] };
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

function readFile(path: string) {
  const file = readConfigFile(path);
  if ('problems' in file) return { values: new Map<string, ConfigValue>(), problems: [...file.problems] };
  if (!isTutorialConfig(file.tree)) return flatten(file.tree);
  const tutorial = fromTutorial(file.tree);
  const own = flatten(tutorial.rest);
  return { values: new Map([...tutorial.values, ...own.values]), problems: [...tutorial.problems, ...own.problems] };
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
