import { addLogin, isAddress } from '../../runtime/address.js';
import { secretsOf } from '../../runtime/config/secrets.js';
import { redactor, withoutCredentials } from '../../runtime/redact.js';
import { cameraPart } from '../check.js';
import { findCamera } from './find-camera.js';
import { askFor, askIfAny, askSecret, confirm, settle, type Interview } from './interview.js';
import { configOf, locate, wrongValue } from './values.js';

/** A room and its camera. */
export type RoomAnswer = { readonly room: string; readonly source: string };

/** Asks for each room that is not given, and tries its camera. */
export async function askRooms(
  interview: Interview,
  given: { readonly cameras: readonly string[]; readonly rooms: readonly string[] },
  folder: string,
): Promise<RoomAnswer[]> {
  const rooms: RoomAnswer[] = [];
  const { cameras, rooms: names } = given;
  const count = Math.max(cameras.length, names.length);
  for (;;) {
    const index = rooms.length;
    const room = names[index] ?? (await askName(interview, rooms));
    const source = await askCamera(interview, room, cameras[index], folder, rooms);
    rooms.push({ room, source });
    if (rooms.length < count) continue;
    if (count > 0 || interview.yes || !(await confirm(interview, 'Another room?', false))) return rooms;
  }
}

function askName(interview: Interview, rooms: readonly RoomAnswer[]): Promise<string> {
  return askFor(interview, {
    words: 'Name of the room',
    flag: '--room',
    ...(rooms.length === 0 ? { fallback: 'room' } : {}),
    wrong: (name) =>
      wrongValue('room', name) ?? (rooms.some(({ room }) => room === name) ? 'this room is there already' : undefined),
  });
}

function askCamera(
  interview: Interview,
  room: string,
  flag: string | undefined,
  folder: string,
  rooms: readonly RoomAnswer[],
): Promise<string> {
  const wrong = (source: string) =>
    wrongValue('camera.source', source) ??
    (rooms.some((other) => other.source === source) ? 'another room has this camera: each needs its own' : undefined);
  return settle(interview, {
    given: flag === undefined ? undefined : locate('camera.source', flag),
    ask: async () => {
      const found = await findCamera(interview);
      if (found !== undefined) return found;
      const source = await askFor(interview, {
        words: `Camera of ${room} (rtsp://…, http://…, /dev/video0, rpicam, a file, or sample for the bundled clip)`,
        flag: '--camera',
        wrong,
      });
      return withLogin(interview, locate('camera.source', source));
    },
    part: (source) => {
      const config = configOf(new Map([['camera.source', source]]), folder);
      return { part: cameraPart(config), redact: redactor(secretsOf(config)) };
    },
  });
}

/** Asks for the login of a camera in the network whose address has none. */
async function withLogin(interview: Interview, source: string): Promise<string> {
  if (!isAddress(source) || withoutCredentials(source) !== source) return source;
  const username = await askIfAny(interview, 'User name at the camera (Enter: none)');
  if (username === undefined) return source;
  return addLogin(source, username, (await askSecret(interview, 'Password')) ?? '');
}
