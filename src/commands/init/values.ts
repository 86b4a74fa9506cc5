import { resolve } from 'node:path';
import { readStoredLogin } from '../../adapters/files/stored-login.js';
import { loadConfig, type Config, type PlaceKey } from '../../runtime/config/config.js';
import { configKeys } from '../../runtime/config/keys.js';
import { variableOf } from '../../runtime/config/variables.js';

/** Where data and pictures are in a file that is replaced: they stay there. */
export type Places = ReadonlyMap<PlaceKey, string>;

/** Values of a configuration file by path. */
export type Values = ReadonlyMap<string, unknown>;

/** Says what a value must be, if it is not valid. */
export function wrongValue(path: string, value: unknown): string | undefined {
  const key = configKeys.get(path);
  try {
    key?.check(key.normalise(value));
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Makes the name of a file or folder absolute; anything else that a key may be stays. */
export function locate(path: string, value: string): string {
  return configKeys.get(path)?.locate(value, process.cwd()) as string;
}

/**
 * The configuration that a file with these values gives, along with the environment.
 * @param folder of the file
 */
export function configOf(values: Values, folder: string): Config {
  const env = { ...process.env };
  const all = new Map<string, unknown>([['data_dir', 'data'], ['archive.folder', 'data/archive'], ...values]);
  for (const [path, value] of all) {
    const located = configKeys.get(path)?.locate(value, folder);
    env[variableOf(path)] = typeof located === 'string' ? located : JSON.stringify(located);
  }
  const login = (secrets: 'needed' | 'later') =>
    loadConfig({ file: undefined, env, secrets, readLogin: readStoredLogin });
  const complete = login('needed');
  // Without a login to Dropbox, there is still a configuration.
  const loaded = 'problems' in complete ? login('later') : complete;
  if ('problems' in loaded) throw new Error(loaded.problems.join('\n'));
  return loaded.config;
}

/** The folder of a configuration file. */
export function folderOf(file: string): string {
  return resolve(file, '..');
}
