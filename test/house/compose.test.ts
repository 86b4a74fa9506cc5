import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../../src/runtime/config/config.js';
import { unknownVariables } from '../../src/runtime/config/environment.js';

const root = join(import.meta.dirname, '..', '..', 'docker');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

type Service = {
  readonly image: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly extra_hosts?: readonly string[];
  readonly secrets?: readonly string[];
};
const { services } = parse(read('compose.yaml'), { merge: true }) as { services: Record<string, Service> };
const own = Object.entries(services).filter(([name]) => name !== 'mosquitto');
/** For tests only. */
const unmentioned = new Set(['CAMERA_LOOP', 'DROPBOX_API_URL', 'VIDEO_GROUP']);

/** The value for an .env that says nothing. */
function withDefaults(text: string): string {
  const next = text.replace(/\$\{\w+(?::-([^${}]*)|:\+[^${}]*)\}/g, '$1');
  return next === text ? text : withDefaults(next);
}

test('every variable of the Compose files stands in example.env, and every one there has a meaning', () => {
  const used = new Set([...(read('compose.yaml') + read('usb.yaml')).matchAll(/\$\{(\w+)/g)].map(([, name]) => name));
  const shown = new Set([...read('example.env').matchAll(/^#?([A-Z_]+)=/gm)].map(([, name]) => name ?? ''));
  expect([...used].filter((name) => !shown.has(name ?? '') && !unmentioned.has(name ?? ''))).toEqual([]);
  expect([...shown].filter((name) => !used.has(name) && !name.startsWith('COMPOSE_'))).toEqual([]);
});

test('every service knows the time zone and the machine it runs on, and sets only keys that exist', () => {
  expect(own.map(([name]) => name).sort()).toEqual(['detector', 'page', 'uploader']);
  for (const [, { environment = {}, extra_hosts }] of own) {
    expect(environment['TZ']).toMatch(/^\$\{TZ:-/);
    expect(extra_hosts).toContain('host.docker.internal:host-gateway');
    expect(unknownVariables(environment, [])).toEqual([]);
  }
});

test('one line of .env chooses published images', () => {
  expect(own.map(([, { image }]) => image.split('-').at(-1))).toEqual(['detector', 'uploader', 'uploader']);
  for (const [, { image }] of own) expect(image).toMatch(/^\$\{IMAGE:-roomwatch:local\}-/);
});

test('the broker knows the user of each service', () => {
  const users = own.map(([, { environment }]) => withDefaults(environment?.['ROOMWATCH_MQTT_USERNAME'] ?? ''));
  expect(users).toEqual(['detector', 'page', 'uploader']);
  for (const user of users) {
    expect(read('mosquitto/access')).toContain(`\nuser ${user}\n`);
    expect(read('mosquitto/start.sh')).toContain(`"${user}:$(cat`);
  }
});

test('the example of several rooms is a configuration; each room has a port, and its page is below the page of all', () => {
  const environment = services['detector']?.environment ?? {};
  const env = Object.fromEntries(
    Object.entries(environment)
      .filter(([name]) => !name.endsWith('_FILE'))
      .map(([name, value]) => [name, withDefaults(value)]),
  );
  const given = { ROOMWATCH_HTTP_PASSWORD: 'p', ROOMWATCH_HTTP_SIGNING_SECRET: 's'.repeat(20), ROOMWATCH_ROOM: 'room' };
  const file = join(root, 'config', 'example.yaml');
  const home = (pageUrl: string) => {
    const loaded = loadConfig({ file, env: { ...env, ...given, ROOMWATCH_HTTP_PAGE_URL: pageUrl }, camera: 'needed' });
    if ('problems' in loaded) throw new Error(loaded.problems.join('\n'));
    expect(loaded.warnings).toEqual([]);
    return loaded.rooms.map(({ room, http }) => [room, http.public_url, http.page_url]);
  };
  expect(home('')).toEqual([
    ['kitchen', 'http://detector:8081', undefined],
    ['hall', 'http://detector:8082', undefined],
  ]);
  expect(home('http://192.168.1.3:8080').map(([, , pageUrl]) => pageUrl)).toEqual([
    'http://192.168.1.3:8080/rooms/kitchen',
    'http://192.168.1.3:8080/rooms/hall',
  ]);
});
