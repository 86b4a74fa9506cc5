import type { Config } from './config.js';
import { leaves, nest } from './keys.js';
import { hidden } from '../redact.js';

/** The configuration as it may be logged: secrets and the credentials within URLs taken out. */
export function redactedConfig(config: Config): Record<string, unknown> {
  return nest([...leaves].map(([path, leaf]) => [path, leaf.show(valueAt(config, path))] as const));
}

/** Every text that must not be seen: the secrets, and the passwords within URLs. */
export function secretsOf(config: Config): string[] {
  return [...leaves].flatMap(([path, leaf]) => {
    const value = valueAt(config, path);
    if (!leaf.sensitive || typeof value !== 'string') return [];
    if (leaf.show(value) === hidden) return [value];
    return URL.canParse(value)
      ? [decodeURIComponent(new URL(value).password)].filter((password) => password !== '')
      : [];
  });
}

function valueAt(config: Config, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], config);
}
