import { readFileSync } from 'node:fs';
import { unreadable } from './file.js';
import type { Leaf } from './formats.js';
import { didYouMean, leaves, type Said } from './keys.js';
import { supervisorVariable } from '../process/supervised.js';

/** A process's environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

const prefix = 'ROOMWATCH_';

/** The environment variable of a key: `mqtt.url` is `ROOMWATCH_MQTT_URL`. */
export function variableOf(path: string): string {
  return prefix + path.replaceAll('.', '_').toUpperCase();
}

/** Whether any key of the configuration is said in the environment. */
export function saysAnything(env: Environment): boolean {
  return readEnvironment(env).said.size > 0;
}

/** The environment for a child process that is to read the same configuration but for some values, said here by path. */
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
 * What the environment says, by path. `ROOMWATCH_…_FILE` names a file that holds a secret. An empty variable counts as not set,
 * as Compose passes those that are not.
 */
export function readEnvironment(env: Environment) {
  const said = new Map<string, Said>();
  const problems: string[] = [];
  const known = new Set([`${prefix}CONF`, supervisorVariable]);
  for (const [path, leaf] of leaves) {
    const variable = variableOf(path);
    known.add(variable);
    if (isSet(env[variable])) said.set(path, { value: leaf.read(env[variable]), origin: variable });
    if (!leaf.sensitive) continue;
    known.add(`${variable}_FILE`);
    const file = env[`${variable}_FILE`];
    if (!isSet(file)) continue;
    if (said.has(path)) problems.push(`${path}: said twice, by ${variable} and ${variable}_FILE; leave one out`);
    const read = readSecret(file, leaf);
    if ('problem' in read) problems.push(`${path} (${variable}_FILE): ${file} ${read.problem}`);
    else said.set(path, { value: read.value, origin: `${variable}_FILE` });
  }
  const warnings = Object.keys(env)
    .filter((name) => name.startsWith(prefix) && !known.has(name))
    .map((name) => `environment variable ${name} means nothing${didYouMean(name, [...known])}`);
  return { said, problems, warnings };
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}

function readSecret(path: string, leaf: Leaf<unknown>): { value: unknown } | { problem: string } {
  try {
    const text = readFileSync(path, 'utf8').replace(/[\r\n]+$/, '');
    return text === '' ? { problem: 'is empty' } : { value: leaf.read(text) };
  } catch (error) {
    return { problem: unreadable(error) };
  }
}
