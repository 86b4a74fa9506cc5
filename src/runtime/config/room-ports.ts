import type { ConfigValue } from './keys.js';
import { isLoopback } from './rules.js';
import { isForPeople } from '../local-address.js';
import { schema } from './schema.js';

type Values = ReadonlyMap<string, ConfigValue>;
type Entry = { readonly label: string; readonly own: Values };

/**
 * Gives each room a port: its own `http.port`, or the next one after those of the rooms before it, leaving out those that are
 * taken. The common `http.port` is that of the page of all rooms. A common `http.public_url` that names a port follows it, and
 * each room's page is at `rooms/<room>/` below the common `http.page_url`.
 */
export function assignPorts(entries: readonly Entry[], shared: Values): { rooms: Values[]; problems: string[] } {
  const problems: string[] = [];
  const first = portIn(shared) ?? schema.http.port.default;
  const taken = new Set([first, ...entries.flatMap(({ own }) => portIn(own) ?? [])]);
  if (shared.get('broker.embedded')?.value === true) {
    taken.add(Number(shared.get('broker.port')?.value ?? schema.broker.port.default));
  }
  let next = first + 1;
  const rooms = entries.map(({ label, own }): Values => {
    while (taken.has(next)) next += 1;
    const port = portIn(own) ?? (first === 0 ? 0 : next++);
    const pageUrl = roomPageUrl(String(own.get('room')?.value), shared, first);
    const values = new Map([
      ...(pageUrl === undefined ? [] : ([['http.page_url', { value: pageUrl, origin: label }]] as const)),
      ...own,
      ['http.port', own.get('http.port') ?? { value: port, origin: label }],
    ]);
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

/** Where people open the page of a room below the page of all rooms; undefined if that is not known, or if there is no such page. */
function roomPageUrl(room: string, shared: Values, port: number): string | undefined {
  if (!shared.has('http.password')) return undefined;
  const host = shared.get('http.host')?.value ?? schema.http.host.default;
  const here = typeof host === 'string' && isLoopback(host) && port !== 0 ? `http://127.0.0.1:${port}` : undefined;
  const publicUrl = shared.get('http.public_url')?.value;
  const forPeople = typeof publicUrl === 'string' && isForPeople(publicUrl) ? publicUrl : undefined;
  const home = shared.get('http.page_url')?.value ?? forPeople ?? here;
  return typeof home === 'string' ? `${home.replace(/\/+$/, '')}/rooms/${room}` : undefined;
}
