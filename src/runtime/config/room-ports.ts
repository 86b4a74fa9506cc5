import type { ConfigValue } from './keys.js';
import { schema } from './schema.js';

type Values = ReadonlyMap<string, ConfigValue>;
type Entry = { readonly label: string; readonly own: Values };

/**
 * Gives each room a port: its own `http.port`, or the next one after those of the rooms before it, beginning with the common
 * `http.port` and leaving out those that are taken. A common `http.public_url` that names a port follows it.
 */
export function assignPorts(entries: readonly Entry[], shared: Values): { rooms: Values[]; problems: string[] } {
  const problems: string[] = [];
  const first = portIn(shared) ?? schema.http.port.default;
  const taken = new Set(entries.flatMap(({ own }) => portIn(own) ?? []));
  if (shared.get('broker.embedded')?.value === true) {
    taken.add(Number(shared.get('broker.port')?.value ?? schema.broker.port.default));
  }
  let next = first;
  const rooms = entries.map(({ label, own }): Values => {
    while (taken.has(next)) next += 1;
    const port = portIn(own) ?? (first === 0 ? 0 : next++);
    const values = new Map([...own, ['http.port', own.get('http.port') ?? { value: port, origin: label }]]);
    const publicUrl = shared.get('http.public_url')?.value;
    if (typeof publicUrl !== 'string' || own.has('http.public_url') || port === first) return values;
    const value = movedUrl(publicUrl, port - first);
    if (value !== undefined) return values.set('http.public_url', { value, origin: label });
    problems.push(
      `http.public_url (${label}): needed, because the common http.public_url names no port that could follow http.port`,
    );
    return values;
  });
  return { rooms, problems };
}

/** A wrong value is reported elsewhere. */
function portIn(values: Values): number | undefined {
  const port = values.get('http.port')?.value;
  return Number.isInteger(port) ? (port as number) : undefined;
}

/** The URL with a port that is `by` higher; undefined if it names none. */
function movedUrl(url: string, by: number): string | undefined {
  const [, before = '', port, after = ''] = /^(https?:\/\/[^/]*?:)(\d{1,5})(\/.*)?$/i.exec(url) ?? [];
  return port === undefined ? undefined : `${before}${Number(port) + by}${after}`;
}
