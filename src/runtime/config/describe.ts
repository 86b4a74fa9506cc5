import type { ConfigurationEntry } from '../../domain/page/insight.js';
import type { Config } from './config.js';
import { configKeys, type ConfigValue } from './keys.js';
import type { Values } from './rooms.js';
import { valueAt } from './secrets.js';
import { prefix } from './variables.js';

/**
 * Lists every value of a configuration without secrets, and where each comes from.
 * @param given the values that are not defaults
 */
export function describeConfig(config: Config, given: Values, file: string | undefined): readonly ConfigurationEntry[] {
  return [...configKeys].map(([key, { show }]) => {
    const value = valueAt(config, key);
    const shown = show(value) as ConfigurationEntry['value'] | undefined;
    return { key, value: shown ?? null, ...sourceOf(given.get(key), value !== undefined, key, file) };
  });
}

function sourceOf(
  given: ConfigValue | undefined,
  isSet: boolean,
  key: string,
  file: string | undefined,
): Pick<ConfigurationEntry, 'source' | 'name'> {
  const isStoredLogin = given === undefined && isSet && /^dropbox\.(?:app_key|refresh_token)$/.test(key);
  if (isStoredLogin) return { source: 'login', name: null };
  if (given === undefined || given.isDefault === true) return { source: 'default', name: null };
  const { origin } = given;
  if (origin?.startsWith(prefix) === true) return { source: 'environment', name: origin };
  return { source: 'file', name: origin === undefined ? (file ?? null) : `${file ?? ''} (${origin})`.trim() };
}
