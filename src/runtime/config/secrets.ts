import type { Config } from './config.js';
import { configKeys, nest } from './keys.js';
import { hidden } from '../redact.js';

/** Makes a copy of the configuration that may be logged: without secrets and without the credentials in URLs. */
export function redactedConfig(config: Config): Record<string, unknown> {
  return nest([...configKeys].map(([path, key]) => [path, key.show(valueAt(config, path))] as const));
}

/** Lists every text that must not be shown: the secrets, and the passwords in URLs. */
export function secretsOf(config: Config): string[] {
  return [...configKeys].flatMap(([path, key]) => {
    const value = valueAt(config, path);
    if (!key.sensitive || typeof value !== 'string') return [];
    if (key.show(value) === hidden) return [value];
    return URL.canParse(value)
      ? [decodeURIComponent(new URL(value).password)].filter((password) => password !== '')
      : [];
  });
}

function valueAt(config: Config, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], config);
}
