import { liveSettings } from '../../domain/contract/payloads.js';
import { defaultArchivePath } from '../../domain/uploads/archive-path.js';
import { packageFile } from '../../package-file.js';
import {
  cameraSource,
  type ConfigKey,
  flag,
  key,
  number,
  oneNumberOf,
  oneOf,
  optional,
  path,
  secret,
  secretInside,
  text,
  whole,
} from './formats.js';
import {
  archivePattern,
  dropboxFolder,
  httpUrl,
  ipAddress,
  mqttUrl,
  nameOfRoom,
  occupants,
  origin,
  pageUrl,
  polygons,
  resolution,
  roomList,
  rpicamOptions,
  shortName,
  streamAddress,
  timeZone,
  topic,
} from './rules.js';
import { zones } from './zones.js';

/** The bundled clip: the camera named `sample`, and the camera if nothing at all is configured. */
export const sampleClip = packageFile('assets/sample.mp4');

/** A key that is also a live setting has the limits of the live setting (docs/contract.md §3.6). */
function liveSetting(name: Exclude<keyof typeof liveSettings.shape, 'armed'>) {
  const { minValue, maxValue, isInt } = liveSettings.shape[name];
  return (isInt ? whole : number)(minValue ?? -Infinity, maxValue ?? Infinity);
}

/** Every key of the configuration, with its default, its meaning and what it may be. */
export const schema = {
  room: key(nameOfRoom, 'room', 'room name, as in the topics'),
  data_dir: path(key(text('a directory'), 'data', 'folder for outbox, snapshots, queue and settings')),
  camera: {
    source: cameraSource(
      secretInside(
        key(
          text(),
          sampleClip,
          'a file, `rtsp://…`, `http://…` (MJPEG, or a still picture), `/dev/video0`, `rpicam`, or `sample` (the bundled clip); a file must name one',
        ),
      ),
      { rpicam: undefined, sample: sampleClip },
    ),
    snapshot_source: secretInside(
      optional(
        streamAddress,
        'a second, finer stream of the same camera, for pictures only: `rtsp://…`, or `http://…` (MJPEG, or a still picture)',
      ),
    ),
    resolution: key(resolution, [640, 480], 'requested from a local camera; clips and streams keep their own'),
    fps: key(number(0.1, 240), 16, 'at most this many frames per second are analysed'),
    warmup_seconds: key(number(0, 3600), 2.5, 'after the camera opens, motion is ignored for this long'),
    stall_seconds: key(
      number(0.1, 3600),
      10,
      'if no frame arrives for this long, the room becomes `unknown` and the detector reconnects',
    ),
    rotation: key(
      oneNumberOf(0, 90, 180, 270),
      0,
      'degrees clockwise by which every frame is turned; masks and regions are those of the turned picture',
    ),
    rpicam_options: {
      ...key(
        rpicamOptions,
        [],
        'further arguments of `rpicam-vid`, as in `["--camera", "1"]` for the second camera of a Raspberry Pi',
      ),
      normalise: (value: unknown): unknown =>
        Array.isArray(value) ? value.map((word: unknown) => (typeof word === 'number' ? String(word) : word)) : value,
    },
    transport: key(
      oneOf('auto', 'tcp', 'udp'),
      'auto',
      'RTSP over `tcp`, `udp`, or `auto`: TCP, and UDP where the camera refuses TCP',
    ),
    pace: key(oneOf('realtime', 'fast'), 'realtime', 'for a file: `realtime` (its own speed) or `fast`'),
    loop: key(flag, false, 'for a file: start again at its end'),
  },
  motion: {
    detector: key(
      oneOf('adaptive', 'tutorial'),
      'adaptive',
      '`adaptive`, or `tutorial` (the published algorithm, exactly)',
    ),
    delta_thresh: key(liveSetting('delta_thresh'), 5, 'how much a pixel must change, in grey levels'),
    min_area: key(
      liveSetting('min_area'),
      5000,
      'the smallest moving area that counts: square pixels in a frame scaled to 500 px width, whatever the detector works at',
    ),
    min_motion_frames: key(
      liveSetting('min_motion_frames'),
      8,
      'consecutive moving frames at `camera.fps`; `adaptive` reads it as a time (8 frames at 16 a second: 0.5 s, at least two frames), so a slower camera is no less sensitive',
    ),
    masks: key(polygons, [], 'polygons excluded from detection; points as fractions of the frame'),
  },
  recognition: {
    enabled: key(flag, true, 'look who it is; never with `motion.detector: tutorial`'),
    occupied_by: key(
      occupants,
      ['person'],
      'what occupies the room: `person`, `cat`, `dog`, `animal`, `vehicle`, …, or `anything` (motion alone)',
    ),
  },
  zones: key(
    zones,
    [],
    '`{name, polygon}`: parts of the picture with an occupancy of their own; points as those of `motion.masks`',
  ),
  rooms: optional(
    roomList,
    'several rooms in one file: a list, each with `room` and what differs from the rest of the file',
  ),
  occupancy: {
    vacancy_seconds: key(
      liveSetting('vacancy_seconds'),
      30,
      'the room becomes unoccupied after this long without any sign of a person',
    ),
  },
  snapshots: {
    min_upload_seconds: key(liveSetting('min_upload_seconds'), 3, 'minimum time between two snapshots'),
    keep_hours: key(number(0, 1_000_000), 48, 'how long snapshots are kept; those not yet uploaded are removed last'),
    max_megabytes: key(number(0.1, 10_000_000), 500, 'space for snapshots; those not yet uploaded are removed last'),
  },
  mqtt: {
    url: secretInside(
      key(mqttUrl, 'mqtt://127.0.0.1:1883', 'the broker: `mqtt://`, `mqtts://` (TLS), `ws://` or `wss://`'),
    ),
    username: optional(text(), 'user name at the broker'),
    password: secret(optional(text(), 'password at the broker')),
    base_topic: key(topic, 'roomwatch', 'the beginning of every topic'),
    protocol: {
      ...key(oneOf(5, '3.1.1'), 5, 'MQTT version: `5` or `3.1.1`'),
      normalise: (value: unknown) => (value === 4 || value === '4' ? '3.1.1' : value === '5' ? 5 : value),
    },
    ca: path(optional(text(), "file with the certificate authority (PEM) to trust instead of the system's")),
    cert: path(optional(text(), "file with this client's certificate (PEM)")),
    key: path(optional(text(), "file with the key of this client's certificate (PEM)")),
  },
  broker: {
    embedded: key(
      flag,
      false,
      '`roomwatch start` runs an embedded broker, bound to 127.0.0.1, for MQTT 3.1.1; open to this machine unless `mqtt.username` and `mqtt.password` are set',
    ),
    port: key(whole(1, 65_535), 1883, 'port of the embedded broker'),
  },
  home_assistant: {
    discovery: key(flag, true, 'announce rooms and uploaders to Home Assistant'),
    prefix: key(topic, 'homeassistant', "Home Assistant's discovery prefix"),
  },
  http: {
    host: key(
      text('an address or host name'),
      '127.0.0.1',
      'address on which the detector listens; beyond loopback only with a password and a signing secret',
    ),
    port: key(whole(0, 65_535), 8080, 'port of the detector'),
    public_url: optional(
      httpUrl,
      'address under which others reach the detector, as in `http://192.168.1.3:8080`; made from host and port if not set; with `http.host: 0.0.0.0`, from the address that the connection to the broker uses',
    ),
    page_url: optional(
      pageUrl,
      'address under which people open the page, as Home Assistant links to it; `http.public_url` if not set',
    ),
    ingress_from: optional(
      ipAddress,
      "address of Home Assistant's Supervisor, from which the page asks for no login; only the Home Assistant app sets it",
    ),
    password: secret(optional(text(), 'password of the page; without one, nobody can open it')),
    signing_secret: secret(
      optional(
        text(),
        'signs snapshot URLs; the same for detector and uploader. On loopback, one is made in `data_dir`',
      ),
    ),
  },
  archive: {
    kind: key(oneOf('folder', 'dropbox'), 'folder', '`dropbox` or `folder`'),
    folder: path(key(text('a directory'), 'data/archive', 'the folder of `archive.kind: folder`')),
    path: key(
      archivePattern,
      defaultArchivePath,
      "path of a picture in the archive; `tutorial` for the tutorial's own naming",
    ),
    timezone: key(timeZone, 'UTC', 'time zone of dates and times in paths, as in `Europe/Berlin`'),
    keep_days: optional(number(0.001, 100_000), 'of `folder`: remove our own pictures when they are older'),
    max_gigabytes: optional(number(0.0001, 1_000_000), 'of `folder`: remove our own oldest pictures beyond this'),
  },
  dropbox: {
    app_key: { ...optional(text(), 'key of your Dropbox app'), sensitive: true },
    refresh_token: secret(optional(text(), 'from `roomwatch login dropbox`')),
    access_token: secret(optional(text(), 'an access token instead; it expires after some hours')),
    base_path: optional(dropboxFolder, 'folder within Dropbox'),
    api_url: optional(
      origin,
      "one origin that serves every Dropbox route instead of Dropbox's own (a proxy, a test server)",
    ),
  },
  uploader: {
    name: key(shortName, 'uploader', "the uploader's name, as in the topics"),
    group: optional(shortName, 'uploaders of one group share the work (an MQTT shared subscription)'),
  },
  display: key(flag, false, 'show the annotated video in a window; `q` ends'),
  log: {
    level: key(
      oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'),
      'info',
      'lowest level that is logged',
    ),
    format: key(
      oneOf('auto', 'json', 'text'),
      'auto',
      'log lines as `json`, as `text`, or `auto`: text on a terminal, JSON elsewhere',
    ),
  },
};

type ValuesOf<S> = { readonly [K in keyof S]: S[K] extends ConfigKey<infer T> ? T : ValuesOf<S[K]> };

/** The whole configuration (docs/contract.md §6): checked, frozen, undefined where an optional value is not set. */
export type Config = ValuesOf<typeof schema>;
