import { readFileSync } from 'node:fs';
import { unreadable } from './file.js';
import type { ConfigKey } from './formats.js';
import { didYouMean, configKeys, ownKeys, type ConfigValue } from './keys.js';
import { prefix, variableOf } from './variables.js';
import { supervisorVariable } from '../process/supervised.js';

/** A process's environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Whether the environment sets any key of the configuration. */
export function setsAnyKey(env: Environment): boolean {
  return readEnvironment(env).values.size > 0;
}

/** Makes the environment of a child process with the same configuration, except for the given values by path. */
export function childEnvironment(
  env: Environment,
  values: Readonly<Record<string, string>>,
): Record<string, string | undefined> {
  const child = { ...env };
  for (const [path, value] of Object.entries(values)) {
    child[variableOf(path)] = value;
    delete child[`${variableOf(path)}_FILE`];
  }
  return child;
}

/**
 * Reads the values in the environment, by path. `ROOMWATCH_…_FILE` names a file that holds a secret. An empty variable
 * counts as not set: Docker Compose passes unset variables as empty ones.
 */
export function readEnvironment(env: Environment) {
  return readVariables(env, configKeys);
}

/** Reads the values that the environment sets for one room of several. */
export function readRoomVariables(env: Environment, room: string) {
  return readVariables(env, ownKeys, room);
}

function readVariables(env: Environment, keys: ReadonlyMap<string, ConfigKey<unknown>>, room?: string) {
  const values = new Map<string, ConfigValue>();
  const problems: string[] = [];
  for (const [path, key] of keys) {
    const variable = variableOf(path, room);
    if (isSet(env[variable])) values.set(path, { value: key.read(env[variable]), origin: variable });
    const file = key.sensitive ? env[`${variable}_FILE`] : undefined;
    if (!isSet(file)) continue;
    if (values.has(path)) problems.push(`${path}: set twice, by ${variable} and ${variable}_FILE; remove one of them`);
    const read = readSecret(file, key);
    if ('problem' in read) problems.push(`${path} (${variable}_FILE): ${file} ${read.problem}`);
    else values.set(path, { value: read.value, origin: `${variable}_FILE` });
  }
  return { values, problems };
}

/** Warns of every variable that looks like one of this program, but has no meaning; `rooms` are the names of several rooms. */
export function unknownVariables(env: Environment, rooms: readonly string[]): string[] {
  const known = new Set([
    ...[`${prefix}CONF`, supervisorVariable],
    ...[...configKeys].flatMap(variablesOf()),
    ...rooms.flatMap((room) => [...ownKeys].flatMap(variablesOf(room))),
  ]);
  return Object.keys(env)
    .filter((name) => name.startsWith(prefix) && !known.has(name))
    .map((name) => `environment variable ${name} has no meaning${didYouMean(name, [...known])}`);
}

function variablesOf(room?: string) {
  return ([path, { sensitive }]: [string, ConfigKey<unknown>]): string[] => {
    const name = variableOf(path, room);
    return sensitive ? [name, `${name}_FILE`] : [name];
  };
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}

function readSecret(path: string, key: ConfigKey<unknown>): { value: unknown } | { problem: string } {
  try {
    const text = readFileSync(path, 'utf8')
      .replace(/^\uFEFF/, '')
      .replace(/[\r\n]+$/, '');
    if (/[\uFFFD\0]/.test(text)) return { problem: 'is not UTF-8 text: save it as UTF-8' };
    return text === '' ? { problem: 'is empty' } : { value: key.read(text) };
  } catch (error) {
    return { problem: unreadable(error) };
  }
}
