import { basename } from 'node:path';
import { isLoopback } from '../../runtime/config/rules.js';
import type { RoomAnswer } from './ask-rooms.js';
import type { Values } from './values.js';

/**
 * The `.env` of `docker/compose.yaml`; the names are those of `docker/example.env`. Several rooms are in the configuration
 * `file`, which has to be in `config/` beside it. The secrets are not in it, but in files that `docker/make-secrets` makes. Within
 * a container, a broker of this machine would not be found: the included one takes its place.
 */
export function composeEnv(rooms: readonly RoomAnswer[], values: Values, file: string): string {
  const kind = textOf(values, 'archive.kind');
  const url = textOf(values, 'mqtt.url');
  const included = url === '' || isLoopback(new URL(url).hostname);
  const username = textOf(values, 'mqtt.username') || 'roomwatch';
  const listen = isLoopback(textOf(values, 'http.host') || '127.0.0.1') ? '127.0.0.1' : '0.0.0.0';
  const lines: [string, string][] = [
    ...(rooms.length > 1 ? [['CONFIG', basename(file)] as [string, string]] : rooms.flatMap(onlyRoom)),
    ...optional('COMPOSE_FILE', rooms.some(({ source }) => source.startsWith('/dev/')) ? 'compose.yaml:usb.yaml' : ''),
    ['ARCHIVE', kind],
    ['DROPBOX_APP_KEY', textOf(values, 'dropbox.app_key')],
    ...optional('PICTURES', kind === 'folder' ? textOf(values, 'archive.folder') : ''),
    ['COMPOSE_PROFILES', included ? 'broker' : ''],
    ...(included ? [] : ownBroker(url, username)),
    ['MQTT_LISTEN', listen],
    ['PAGE_LISTEN', listen],
  ];
  const head =
    '# For docker/compose.yaml; docker/example.env explains each line. The passwords are in docker/secrets.\n';
  return head + lines.map(([name, value]) => `${name}=${quoted(value)}\n`).join('');
}

/** The bundled clip is over in a minute. */
function onlyRoom({ room, source }: RoomAnswer): [string, string][] {
  return [['ROOM', room], ['CAMERA', source], ...optional('CAMERA_LOOP', source === 'sample' ? 'true' : '')];
}

function optional(name: string, value: string): [string, string][] {
  return value === '' ? [] : [[name, value]];
}

function ownBroker(url: string, username: string): [string, string][] {
  return [
    ['MQTT_URL', url],
    ['MQTT_DETECTOR', username],
    ['MQTT_UPLOADER', username],
  ];
}

function textOf(values: Values, path: string): string {
  const value = values.get(path);
  return typeof value === 'string' ? value : '';
}

/** Compose replaces a `$` in anything that is not in single quotes. */
function quoted(value: string): string {
  return /^[\w./:-]*$/.test(value) ? value : `'${value.replaceAll("'", String.raw`\'`)}'`;
}
