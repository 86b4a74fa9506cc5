import * as z from 'zod';
import {
  instant,
  type PageAddress,
  pageAddress,
  type RoomStatus,
  roomName,
  roomStatus,
  toInstant,
} from '../contract/payloads.js';
import { parseJson } from '../contract/read-json.js';
import { pageState, part } from './payloads.js';

/** The state of all rooms, as the page of all rooms shows it. */
export const overview = z.strictObject({
  at: instant,
  broker: part,
  rooms: z.array(
    z.strictObject({
      room: roomName,
      online: z.boolean(),
      since: instant
        .nullable()
        .describe('when the detector came or went; null if that was while nobody here was connected'),
      reachable: z.boolean().describe('the address of the detector is known'),
      status: roomStatus.nullable(),
    }),
  ),
  uploaders: pageState.shape.uploaders,
});
export type Overview = z.infer<typeof overview>;

type Room = Pick<Overview['rooms'][number], 'online' | 'since'> & {
  readonly status: RoomStatus | null;
  readonly address: PageAddress | undefined;
};

/** What a message about a room tells. */
export type RoomMessage = 'availability' | 'status' | 'address';

/** A limit, because any client of the broker may publish under any number of names. */
const maxRooms = 100;
const nothing: Room = { online: false, since: null, status: null, address: undefined };

/** The rooms known from their retained messages. */
export type RoomList = {
  /**
   * Receives a message about a room; ignores a payload that does not fit.
   * @param at when it was published, in seconds; undefined for a retained message, which may be old
   */
  receive(room: string, what: RoomMessage, payload: string, at?: number): void;
  /** sorted by name */
  list(): Overview['rooms'];
  /** The address of a room's detector; undefined if it is not known. */
  addressOf(room: string): string | undefined;
};

/**
 * Starts empty; the retained messages fill it.
 * @param isSigned whether a document carries the signature of a detector of this home
 */
export function createRoomList(isSigned: (document: Readonly<Record<string, unknown>>) => boolean): RoomList {
  const rooms = new Map<string, Room>();

  const addressIn = (room: string, payload: string): PageAddress | undefined => {
    const parsed = pageAddress.safeParse(parseJson(payload));
    return parsed.success && parsed.data.room === room && isSigned(parsed.data) ? parsed.data : undefined;
  };
  const withMessage = (name: string, room: Room, what: RoomMessage, payload: string, at: number | undefined): Room => {
    switch (what) {
      case 'availability':
        return withAvailability(room, payload === 'online', at);
      case 'status':
        return { ...room, status: roomStatus.safeParse(parseJson(payload)).data ?? null };
      case 'address': {
        const address = addressIn(name, payload);
        // A signed address that somebody publishes again later must not replace a newer one.
        const isOlder = address !== undefined && room.address !== undefined && address.at < room.address.at;
        return { ...room, address: isOlder ? room.address : address };
      }
    }
  };

  return {
    receive(name, what, payload, at) {
      const known = rooms.get(name);
      if (!roomName.safeParse(name).success || (known === undefined && rooms.size >= maxRooms)) return;
      const changed = withMessage(name, known ?? nothing, what, payload, at);
      // Empty retained messages remove a room (MQTT 5 §3.3.1.3).
      if (!changed.online && changed.status === null && changed.address === undefined) rooms.delete(name);
      else rooms.set(name, changed);
    },
    list: () =>
      [...rooms]
        .map(([room, { address, ...known }]) => ({ room, ...known, reachable: address !== undefined }))
        .sort((a, b) => a.room.localeCompare(b.room)),
    addressOf: (room) => rooms.get(room)?.address?.url,
  };
}

function withAvailability(room: Room, online: boolean, at: number | undefined): Room {
  return online === room.online ? room : { ...room, online, since: at === undefined ? null : toInstant(at) };
}
