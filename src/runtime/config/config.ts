import convict from 'convict';
import { adviseOn, checkTogether } from './cross-checks.js';
import { readEnvironment, type Environment } from './environment.js';
import { readConfigFile } from './file.js';
import type { Leaf } from './formats.js';
import { flatten, leaves, nest, type Said } from './keys.js';
import { schema } from './schema.js';
import { withoutCredentials } from '../redact.js';
import { fromTutorial, isTutorialConfig } from './tutorial.js';

type ValuesOf<S> = { readonly [K in keyof S]: S[K] extends Leaf<infer T> ? T : ValuesOf<S[K]> };

/** The whole configuration (docs/contract.md §6): checked, frozen, undefined where an optional value is not set. */
export type Config = ValuesOf<typeof schema>;

/** A configuration with what is odd about it, or everything that is wrong with it. */
export type LoadedConfig =
  { readonly config: Config; readonly warnings: readonly string[] } | { readonly problems: readonly string[] };

/** A Dropbox login that `roomwatch login dropbox` stored; the names are those of the configuration. */
export type StoredLogin = { readonly app_key: string; readonly refresh_token: string };

/** Where a configuration is said. */
export type ConfigSources = {
  /** the file; undefined for none */
  readonly file: string | undefined;
  readonly env: Environment;
  /** `later` for a command that does without what only a secret allows, as `login` does, which is to get it */
  readonly secrets?: 'needed' | 'later';
  /** reads the login stored in a data directory; throws an error that says what is wrong with the file */
  readonly readLogin?: (dataDir: string) => StoredLogin | undefined;
};

/** Puts the configuration together (defaults, then the file, then the environment) and checks all of it. */
export function loadConfig({
  file,
  env,
  secrets = 'needed',
  readLogin = () => undefined,
}: ConfigSources): LoadedConfig {
  const fromFile = file === undefined ? { said: new Map<string, Said>(), problems: [] } : sayFile(file);
  const fromEnv = readEnvironment(env);
  const said = new Map([...fromFile.said, ...fromEnv.said]);
  const { values, problems: wrong } = validate(said);
  const problems = [...fromFile.problems, ...fromEnv.problems, ...wrong];
  if (values === undefined) return { problems };
  // Who logs in brings a new one, also in place of one that is of no use.
  const { config, problem } = secrets === 'later' ? { config: values } : withStoredLogin(values, readLogin);
  if (problem !== undefined) problems.push(problem);
  else if (secrets === 'needed') problems.push(...checkTogether(config));
  if (problems.length > 0) return { problems };
  return { config, warnings: [...fromEnv.warnings, ...adviseOn(config)] };
}

/**
 * A refresh token belongs to one app: where another one is configured, the stored login is not used. It goes before a
 * configured access token, which ends after hours and is why somebody logged in.
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

function sayFile(path: string) {
  const file = readConfigFile(path);
  if ('problems' in file) return { said: new Map<string, Said>(), problems: [...file.problems] };
  if (!isTutorialConfig(file.tree)) return flatten(file.tree);
  const tutorial = fromTutorial(file.tree);
  const own = flatten(tutorial.rest);
  return { said: new Map([...tutorial.said, ...own.said]), problems: [...tutorial.problems, ...own.problems] };
}

/** The rules between values can still be tried when some are wrong: those are taken at their defaults for it. */
function validate(said: ReadonlyMap<string, Said>): { values: Config | undefined; problems: string[] } {
  const tidy = [...said].map(([path, { value }]) => [path, leaves.get(path)?.tidy(value)] as const);
  try {
    return { values: freeze(read(tidy)), problems: [] };
  } catch (error) {
    const problems = (error as Error).message.split('\n').map((line) => {
      const path = line.slice(0, line.indexOf(':'));
      const origin = said.get(path)?.origin;
      return withoutCredentials(origin === undefined ? line : line.replace(path, `${path} (${origin})`));
    });
    const wrong = new Set((error as Error).message.split('\n').map((line) => line.slice(0, line.indexOf(':'))));
    return { values: read(tidy.filter(([path]) => !wrong.has(path))), problems };
  }
}

function read(values: readonly (readonly [string, unknown])[]): Config {
  // The environment is read by config-env.ts, which knows lists and files of secrets.
  const conf = convict(schema as unknown as convict.Schema<Config>, { env: {}, args: [] });
  return conf.load(nest(values)).validate({ allowed: 'strict' }).getProperties() as Config;
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
  return value;
}
