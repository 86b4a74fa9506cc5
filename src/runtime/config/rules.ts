import { isIP } from 'node:net';
import { roomName } from '../../domain/contract/payloads.js';
import { OCCUPANTS, type Occupant } from '../../domain/recognition/labels.js';
import { checkArchivePattern, checkBasePath } from '../../domain/uploads/archive-path.js';
import { isTimeZone } from '../../domain/uploads/local-instant.js';
import { isAddress } from '../address.js';
import { inside, type Kind, list, text, textChecked, textLike } from './formats.js';
import { isSection, type Section } from './section.js';

/** The name of a room. */
export const nameOfRoom: Kind<string> = {
  ...text('a room name: [a-z0-9][a-z0-9_-]{0,31}, and not "uploaders"', (name) => roomName.safeParse(name).success),
  shape: { type: 'string', pattern: '^(?!uploaders$)[a-z0-9][a-z0-9_-]{0,31}$' },
};

/** Rooms; `rooms.ts` checks what they hold. */
export const roomList = list<readonly Section[]>(
  'a list of at least one room, each with `room` and what differs from the rest',
  (all) => all.length > 0 && all.every(isSection),
  { minItems: 1 },
);

type Point = readonly [number, number];

/** The width and the height of a picture. */
export const resolution = list<Point>(
  '[width, height], each a whole number from 16 to 8192',
  (pair) => pair.length === 2 && pair.every((side) => Number.isInteger(side) && inside(side, 16, 8192)),
  { items: { type: 'integer', minimum: 16, maximum: 8192 }, minItems: 2, maxItems: 2 },
);

const isPoint = (point: unknown) =>
  Array.isArray(point) && point.length === 2 && point.every((share) => inside(share, 0, 1));
const isPolygon = (polygon: unknown) => Array.isArray(polygon) && polygon.length >= 3 && polygon.every(isPoint);
const pointShape = { type: 'array', items: { type: 'number', minimum: 0, maximum: 1 }, minItems: 2, maxItems: 2 };
/** The JSON schema of a polygon. */
export const polygonShape = { type: 'array', items: pointShape, minItems: 3 };

/** Polygons; their points are fractions of the frame. */
export const polygons = list<readonly (readonly Point[])[]>(
  'a list of polygons, each of 3 points [x, y] or more, x and y from 0 to 1',
  (all) => all.every(isPolygon),
  { items: polygonShape },
);

/** What may occupy a room. */
export const occupants = list<readonly Occupant[]>(
  `a list of ${OCCUPANTS.join(', ')}`,
  (all) => all.length > 0 && all.every((one) => OCCUPANTS.includes(one as Occupant)),
  { items: { enum: OCCUPANTS }, minItems: 1 },
);

/** A base topic: levels between slashes, none empty, without wildcards (MQTT 5 §4.7.1); `$…` is the broker's own. */
export const topic = text(
  'a topic without wildcards (+ #), without empty levels, not beginning with / or $ and not ending with /',
  (value) =>
    !/[+#\u0000-\u001f]|^\$/.test(value) && value.length <= 200 && value.split('/').every((level) => level !== ''),
);

/** A name that is one level of a topic. */
export const shortName = textLike(/^[a-z0-9][a-z0-9_-]{0,31}$/, 'a name: [a-z0-9][a-z0-9_-]{0,31}');

/** The URL of a broker. */
export const mqttUrl = text('a URL such as mqtt://host:1883 or mqtts://host:8883', (value) =>
  isUrl(value, ['mqtt:', 'mqtts:', 'ws:', 'wss:']),
);

/** A URL that snapshot URLs begin with. */
export const httpUrl = text(
  'a URL such as http://192.168.1.3:8080',
  (value) => isUrl(value, ['http:', 'https:']) && !/[?#]/.test(value),
);

/** The URL of the page, which may be that of an app in Home Assistant. */
export const pageUrl = text(
  'a URL such as http://pi.local:8080',
  (value) => isUrl(value, ['http:', 'https:', 'homeassistant:']) && !/[?#]/.test(value),
);

/** An address without a name. */
export const ipAddress = text('an IP address', (value) => isIP(value) > 0);

/** A URL without a path. */
export const origin = text(
  'an origin such as http://127.0.0.1:9000, without a path',
  (value) => isUrl(value, ['http:', 'https:']) && new URL(value).pathname === '/' && !/[?#]/.test(value),
);

/** The pattern of paths in the archive. */
export const archivePattern = textChecked(checkArchivePattern);

/** A time zone of the IANA data base. */
export const timeZone = text('a time zone such as Europe/Berlin or UTC', isTimeZone);

/** The address of a camera's stream, not of a file. */
export const streamAddress = text(
  'the address of a stream, as in rtsp://user:password@camera/main',
  (value) => isAddress(value) && !/^file:/i.test(value),
);

/** A folder in Dropbox. */
export const dropboxFolder = textChecked(checkBasePath);

const words = list<readonly string[]>(
  'a list of words, as in ["--camera", "1"]',
  (all) => all.every((word) => typeof word === 'string' && word !== ''),
  { items: { type: ['string', 'number'] } },
);
const keysOfRpicam: Readonly<Record<string, string>> = {
  '--width': 'camera.resolution',
  '--height': 'camera.resolution',
  '--framerate': 'camera.fps',
};
/** What says where the picture goes and how, or ends the program. */
const reservedForRpicam =
  /^(?:-[tnoh]|--(?:timeout|nopreview|output|codec|frames|split|segment|circular|list-cameras|help|version)(?:=.*)?)$/s;

/** Further arguments of rpicam-vid; those that the program sets itself would make it end at once. */
export const rpicamOptions: Kind<readonly string[]> = {
  ...words,
  check(value) {
    words.check(value);
    for (const word of value as readonly string[]) {
      const instead = keysOfRpicam[word.replace(/=.*/s, '')];
      if (instead !== undefined) throw new Error(`must be without ${word}: set ${instead}`);
      if (reservedForRpicam.test(word)) throw new Error(`must be without ${word}, which the program sets itself`);
      const [option = '', ...rest] = word.split(' ');
      if (/^--[a-z-]+$/.test(option) && rest.length > 0)
        throw new Error(`must have each word for itself: ["${option}", "${rest.join(' ')}"]`);
    }
  },
};

/** Whether only programs on this machine can reach a server that listens on this host. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

function isUrl(value: string, protocols: readonly string[]): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  return protocols.includes(url.protocol) && url.hostname !== '';
}
