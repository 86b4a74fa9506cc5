import { toInstant } from '../contract/payloads.js';
import type { RoomStatus } from '../contract/payloads.js';
import type { Effect, Occupancy, Room } from './state.js';

/**
 * Adds a `room_status` effect if the status differs from the one last published. It comes after the motion and before the
 * snapshots: whoever receives a snapshot knows the room's status already.
 */
export function publishStatus(
  [room, effects]: readonly [Room, readonly Effect[]],
  at: number,
): readonly [Room, readonly Effect[]] {
  const status = statusOf(room, at);
  const { published } = room;
  const same =
    status.status === published.status &&
    status.motion === published.motion &&
    status.reason === published.reason &&
    status.visit === published.visit &&
    status.confirmed === published.confirmed &&
    status.people === published.people;
  if (same) return [room, effects];
  const firstSnapshot = effects.findIndex(({ kind }) => kind !== 'motion');
  const place = firstSnapshot < 0 ? effects.length : firstSnapshot;
  return [{ ...room, published: status }, effects.toSpliced(place, 0, { kind: 'room_status', status })];
}

function statusOf({ occupancy, motion, people, published }: Room, at: number): RoomStatus {
  const [status, reason] = statusAndReason(occupancy, motion !== undefined);
  const visit = occupancy.kind === 'occupied' ? occupancy.visit : null;
  const since = published.status === status && published.visit === visit ? published.since : toInstant(at);
  return {
    status,
    motion: status !== 'unknown' && motion !== undefined,
    reason,
    since,
    at: toInstant(at),
    visit,
    confirmed: occupancy.kind === 'occupied' && occupancy.confirmed,
    people: status === 'unknown' ? null : people,
  };
}

function statusAndReason(occupancy: Occupancy, moving: boolean) {
  switch (occupancy.kind) {
    case 'unknown':
      return ['unknown', occupancy.reason] as const;
    case 'vacant':
      return ['unoccupied', 'quiet'] as const;
    case 'occupied':
      return ['occupied', occupancy.confirmed ? 'person' : moving ? 'motion' : 'presence'] as const;
  }
}
