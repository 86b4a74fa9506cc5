import { realpathSync } from 'node:fs';
import type { Config } from './schema.js';
import { isAddress } from '../address.js';

/** Lists what two rooms must not have in common: their name, their camera, their port. */
export function findClashes(rooms: readonly Config[]): string[] {
  return [
    ...shared(rooms, ({ room }) => room).map(
      ([a]) => `room: two rooms are called ${a.room}: each needs a name of its own`,
    ),
    ...shared(rooms, ({ camera }) => cameraOf(camera)).map(
      ([a, b]) => `camera.source: rooms ${a.room} and ${b.room} have the same camera: each needs its own`,
    ),
    ...shared(rooms, ({ camera: { snapshot_source } }) => snapshot_source && placeOf(snapshot_source)).map(
      ([a, b]) => `camera.snapshot_source: rooms ${a.room} and ${b.room} have the same stream: each needs its own`,
    ),
    ...shared(rooms, ({ http }) => (http.port === 0 ? undefined : http.port)).map(
      ([a, b]) => `http.port: rooms ${a.room} and ${b.room} both have ${a.http.port}: each needs its own`,
    ),
  ];
}

function shared<T>(rooms: readonly Config[], what: (room: Config) => T | undefined): [Config, Config][] {
  const seen = new Map<T, Config>();
  return rooms.flatMap((room): [Config, Config][] => {
    const value = what(room);
    if (value === undefined) return [];
    const other = seen.get(value);
    seen.set(value, other ?? room);
    return other === undefined ? [] : [[other, room]];
  });
}

const usualPorts: Readonly<Record<string, string>> = { 'rtsp:': '554', 'rtsps:': '322', 'rtmp:': '1935' };

/** The same text for the same camera, however its address or its device is written. */
function cameraOf({ source, rpicam_options }: Config['camera']): string {
  if (source === 'rpicam') return `rpicam ${JSON.stringify(rpicam_options)}`;
  if (isAddress(source) && URL.canParse(source)) return placeOf(source);
  try {
    return realpathSync(source);
  } catch {
    return source;
  }
}

/** An address without its login, and with its port. */
function placeOf(address: string): string {
  const { protocol, hostname, port, pathname, search } = new URL(address);
  return `${protocol}//${hostname.toLowerCase()}:${port || (usualPorts[protocol] ?? '')}${pathname}${search}`;
}
