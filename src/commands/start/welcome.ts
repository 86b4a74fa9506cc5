import type { Config } from '../../runtime/config/config.js';
import { isLoopback } from '../../runtime/config/rules.js';
import { sampleClip } from '../../runtime/config/schema.js';
import { subscribeCommand } from '../subscribe-command.js';
import { hasHomePage, type Home } from './plan-processes.js';

/** What `roomwatch start` says at first: what runs, and where to see it; `file` is its configuration. */
export function welcome({ config, rooms }: Home, file: string | undefined): string[] {
  const { broker, mqtt } = config;
  const isDemonstration = rooms.some(({ camera }) => camera.source === sampleClip);
  const url = broker.embedded ? `mqtt://127.0.0.1:${broker.port}` : mqtt.url;
  return [
    ...(isDemonstration
      ? [
          'this is a demonstration: the camera is a bundled clip. For your own camera: npm start -- --conf FILE (see README.md)',
        ]
      : []),
    ...(hasHomePage({ config, rooms })
      ? [pageLine('the page of all rooms', config, file)]
      : rooms.map((room) => pageLine(rooms.length > 1 ? `the page of ${room.room}` : 'the page', room, file))),
    `see every message, in another terminal: ${subscribeCommand({ ...mqtt, url })}`,
    'stop with Ctrl-C',
  ];
}

function pageLine(page: string, { http }: Config, file: string | undefined): string {
  if (http.ingress_from !== undefined) return `${page}: Roomwatch in the sidebar of Home Assistant`;
  if (http.password === undefined) return `${page} is closed: set http.password to open it`;
  const where = file === undefined ? 'the environment' : file;
  return `${page}: ${pageUrl(http)} (log in with http.password, which is in ${where})`;
}

function pageUrl({ host, port, public_url, page_url }: Config['http']): string {
  const given = page_url ?? public_url;
  if (given !== undefined) return `${given.replace(/\/+$/, '')}/`;
  if (port === 0) return 'on a free port';
  const here = isLoopback(host) || host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${here.includes(':') ? `[${here}]` : here}:${port}/`;
}
