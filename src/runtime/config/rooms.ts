import { roomName } from '../../domain/contract/payloads.js';
import { readRoomVariables, type Environment } from './environment.js';
import { flatten, ownKeys, type ConfigValue } from './keys.js';
import { assignPorts } from './room-ports.js';
import { schema } from './schema.js';
import type { Section } from './section.js';
import { inTutorialWords } from './tutorial.js';

/** Values by path. */
export type Values = ReadonlyMap<string, ConfigValue>;

/** What `readRooms` needs besides the list itself. */
export type RoomSources = {
  /** what is given outside `rooms` */
  readonly shared: Values;
  readonly env: Environment;
  /** the folder that paths are relative to; undefined if the list is not from a file */
  readonly folder: string | undefined;
  /** keys with a value in the file that is not understood; it is reported elsewhere */
  readonly mistaken: readonly string[];
};

/**
 * Gives the values of each room of a `rooms` list: what is given outside of it, what its entry says instead, and what a variable
 * such as `ROOMWATCH_ROOMS_HALL_CAMERA_SOURCE` sets. A room without `http.port` has the next port after the rooms before it.
 */
export function readRooms(list: unknown, sources: RoomSources): { rooms: Values[]; problems: string[] } {
  const problems: string[] = [];
  const { shared, env } = sources;
  if (shared.get('room') !== undefined && shared.get('room')?.origin === undefined) {
    problems.push('room: each entry of rooms has its own: remove it here');
  }
  try {
    schema.rooms.check(list);
  } catch (error) {
    return { rooms: [], problems: [...problems, `rooms: ${(error as Error).message}`] };
  }
  const entries = (list as readonly Section[]).map((entry, index) => {
    const label = roomName.safeParse(entry['room']).success
      ? `room ${String(entry['room'])}`
      : `entry ${index + 1} of rooms`;
    const own = readEntry(entry, label, sources);
    const variables = readRoomVariables(env, String(entry['room']));
    problems.push(...own.problems, ...variables.problems);
    return { label, own: new Map([...own.values, ...variables.values]) };
  });
  const ports = assignPorts(entries, shared);
  problems.push(...ports.problems);
  const common = [...shared].filter(([path]) => path !== 'rooms' && path !== 'room');
  return { rooms: ports.rooms.map((own) => new Map([...common, ...own])), problems };
}

/** The names in a `rooms` list, as far as they are valid. */
export function namesOf(list: unknown): string[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: Partial<Section> | null) => roomName.safeParse(entry?.['room']).data ?? []);
}

function readEntry(entry: Section, label: string, { folder, mistaken }: RoomSources) {
  const { values, problems } = flatten(inTutorialWords(entry));
  const own = new Map<string, ConfigValue>();
  const wrong = problems.map((problem) => problem.replace(':', ` (${label}):`));
  for (const [path, { value }] of values) {
    if (!ownKeys.has(path)) wrong.push(`${path} (${label}): belongs outside rooms, since all rooms share it`);
    else if (!mistaken.includes(path)) {
      const located = folder === undefined ? value : ownKeys.get(path)?.locate(value, folder);
      own.set(path, { value: located, origin: label });
    }
  }
  if (!own.has('room') && !mistaken.includes('room')) wrong.push(`room (${label}): needed: a name of its own`);
  return { values: own, problems: wrong };
}
