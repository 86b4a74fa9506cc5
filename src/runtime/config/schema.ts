import { fileURLToPath } from 'node:url';
import { liveSettings, roomName } from '../../domain/contract/payloads.js';
import { flag, inside, leaf, list, number, oneOf, optional, secret, secretInside, text, whole } from './formats.js';
import { archivePattern, dropboxFolder, httpUrl, mqttUrl, origin, shortName, topic } from './rules.js';

/** The clip the program comes with, watched where no camera is named. */
export const sampleClip = fileURLToPath(new URL('../../../assets/sample.mp4', import.meta.url));

type Point = readonly [number, number];
type Masks = readonly (readonly Point[])[];

const isPoint = (point: unknown) =>
  Array.isArray(point) && point.length === 2 && point.every((share) => inside(share, 0, 1));
const isPolygon = (polygon: unknown) => Array.isArray(polygon) && polygon.length >= 3 && polygon.every(isPoint);
const isResolution = (pair: readonly unknown[]) =>
  pair.length === 2 && pair.every((side) => Number.isInteger(side) && inside(side, 16, 8192));

/** What is tuned while running is held to the same limits from the start (CONTRACT.md §3.6). */
function liveSetting(name: Exclude<keyof typeof liveSettings.shape, 'armed'>) {
  const { minValue, maxValue, isInt } = liveSettings.shape[name];
  return (isInt ? whole : number)(minValue ?? -Infinity, maxValue ?? Infinity);
}

/** Every key of the configuration, with its default, its meaning and what it may be. */
export const schema = {
  room: leaf(
    text('a room name: [a-z0-9][a-z0-9_-]{0,31}, and not "uploaders"', (name) => roomName.safeParse(name).success),
    'room',
    'room name, as in the topics',
  ),
  data_dir: leaf(text('a directory'), 'data', 'outbox, snapshots, queue, settings'),
  camera: {
    source: secretInside(
      leaf(text(), sampleClip, 'a file, `rtsp://…`, `http://…` (MJPEG), `/dev/video0`, or `rpicam`'),
    ),
    resolution: leaf(
      list<Point>('[width, height], each a whole number from 16 to 8192', isResolution),
      [640, 480],
      'asked of a camera; a clip or stream keeps its own',
    ),
    fps: leaf(number(0.1, 240), 16, 'frames judged a second, at most'),
    warmup_seconds: leaf(number(0, 3600), 2.5, 'nothing is judged before'),
    stall_seconds: leaf(
      number(0.1, 3600),
      10,
      'without a frame for so long the camera is lost: `unknown`, then reconnect',
    ),
    pace: leaf(oneOf('realtime', 'fast'), 'realtime', 'for a file: `realtime` is its own speed, or `fast`'),
    loop: leaf(flag, false, 'for a file: start again at its end'),
  },
  motion: {
    detector: leaf(
      oneOf('adaptive', 'tutorial'),
      'adaptive',
      '`adaptive`, or `tutorial` (the published algorithm, exactly)',
    ),
    delta_thresh: leaf(liveSetting('delta_thresh'), 5, 'grey levels'),
    min_area: leaf(
      liveSetting('min_area'),
      5000,
      'square pixels in a frame scaled to 500 px width, whatever the detector works at',
    ),
    min_motion_frames: leaf(liveSetting('min_motion_frames'), 8, 'consecutive moving frames'),
    masks: leaf(
      list<Masks>('a list of polygons, each of 3 points [x, y] or more, x and y from 0 to 1', (all) =>
        all.every(isPolygon),
      ),
      [],
      'polygons, points as shares of the frame, left out of detection',
    ),
  },
  occupancy: {
    vacancy_seconds: leaf(liveSetting('vacancy_seconds'), 30, 'without a sign of anybody for so long: unoccupied'),
  },
  snapshots: {
    min_upload_seconds: leaf(liveSetting('min_upload_seconds'), 3, 'between two snapshots'),
    keep_hours: leaf(number(0, 1_000_000), 48, 'snapshots are kept so long; what is not yet uploaded goes last'),
    max_megabytes: leaf(number(0.1, 10_000_000), 500, 'room for snapshots; what is not yet uploaded goes last'),
  },
  mqtt: {
    url: secretInside(
      leaf(mqttUrl, 'mqtt://127.0.0.1:1883', 'the broker: `mqtt://`, `mqtts://` (TLS), `ws://` or `wss://`'),
    ),
    username: optional(text(), 'user name at the broker'),
    password: secret(optional(text(), 'password at the broker')),
    base_topic: leaf(topic, 'roomwatch', 'what every topic begins with'),
    protocol: {
      ...leaf(oneOf(5, '3.1.1'), 5, 'MQTT version: `5` or `3.1.1`'),
      tidy: (value: unknown) => (value === 4 || value === '4' ? '3.1.1' : value === '5' ? 5 : value),
    },
    ca: optional(text(), 'file with the certificate authority (PEM) to trust instead of the usual ones'),
    cert: optional(text(), "file with this client's certificate (PEM)"),
    key: optional(text(), "file with the key of this client's certificate (PEM)"),
  },
  broker: {
    embedded: leaf(flag, false, '`roomwatch start` runs a broker of its own, bound to 127.0.0.1, for MQTT 3.1.1'),
    port: leaf(whole(1, 65_535), 1883, 'where the embedded broker listens'),
  },
  home_assistant: {
    discovery: leaf(flag, true, 'announce the room to Home Assistant'),
    prefix: leaf(topic, 'homeassistant', "Home Assistant's discovery prefix"),
  },
  http: {
    host: leaf(
      text('an address or host name'),
      '127.0.0.1',
      'where the detector listens; beyond loopback only with a password and a signing secret',
    ),
    port: leaf(whole(0, 65_535), 8080, 'port of the detector'),
    public_url: optional(
      httpUrl,
      'how others reach the detector, as in `http://pi.local:8080`; made of host and port where left out',
    ),
    password: secret(optional(text(), 'for the page')),
    signing_secret: secret(
      optional(
        text(),
        'signs snapshot URLs; the same for detector and uploader. On loopback one is made in `data_dir`',
      ),
    ),
  },
  archive: {
    kind: leaf(oneOf('folder', 'dropbox'), 'folder', '`dropbox` or `folder`'),
    folder: leaf(text('a directory'), 'data/archive', 'the folder of `archive.kind: folder`'),
    path: leaf(archivePattern, '{room}/{date}/{time}-{id}.jpg', "UTC; `tutorial` for the tutorial's own naming"),
  },
  dropbox: {
    app_key: { ...optional(text(), 'key of your Dropbox app'), sensitive: true },
    refresh_token: secret(optional(text(), 'from `roomwatch login dropbox`')),
    access_token: secret(optional(text(), 'an access token instead; ends after hours')),
    base_path: optional(dropboxFolder, 'folder within Dropbox'),
    api_url: optional(
      origin,
      "instead of Dropbox's own: one origin that serves every Dropbox route (a proxy, a test server)",
    ),
  },
  uploader: {
    name: leaf(shortName, 'uploader', "the uploader's name, as in the topics"),
    group: optional(shortName, 'uploaders of one group share the work (an MQTT shared subscription)'),
  },
  display: leaf(flag, false, 'show the annotated video in a window; `q` ends'),
  log: {
    level: leaf(
      oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'),
      'info',
      'from which level on something is logged',
    ),
  },
};
