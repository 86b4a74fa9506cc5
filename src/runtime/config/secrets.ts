import type { Config } from './config.js';
import { configKeys, nest } from './keys.js';
import { readAddress } from '../address.js';
import { hidden, parametersToHide } from '../redact.js';

/** Makes a copy of the configuration that may be logged: without secrets and without the credentials in URLs. */
export function redactedConfig(config: Config): Record<string, unknown> {
  return nest([...configKeys].map(([path, key]) => [path, key.show(valueAt(config, path))] as const));
}

/** Lists every text that must not be shown: the secrets, and the passwords and tokens in addresses. */
export function secretsOf(config: Config): string[] {
  return [...configKeys].flatMap(([path, key]) => {
    const value = valueAt(config, path);
    if (!key.sensitive || typeof value !== 'string') return [];
    if (key.show(value) === hidden) return [value];
    const address = readAddress(value);
    if ('problem' in address) return [];
    return [address.password ?? '', ...parametersToHide(address.href)].filter((secret) => secret !== '');
  });
}

/** The value of a key, by its path. */
export function valueAt(config: Config, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], config);
}
