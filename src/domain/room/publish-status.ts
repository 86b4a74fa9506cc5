import { toInstant } from '../contract/payloads.js';
import type { RoomStatus } from '../contract/payloads.js';
import type { Effect, Room } from './state.js';

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
    status.visit === published.visit;
  if (same) return [room, effects];
  const firstSnapshot = effects.findIndex((effect) => effect.kind === 'snapshot');
  const place = firstSnapshot < 0 ? effects.length : firstSnapshot;
  return [{ ...room, published: status }, effects.toSpliced(place, 0, { kind: 'room_status', status })];
}

function statusOf({ occupancy, published }: Room, at: number): RoomStatus {
  const [status, reason] =
    occupancy.kind === 'unknown'
      ? (['unknown', occupancy.reason] as const)
      : occupancy.kind === 'vacant'
        ? (['unoccupied', 'quiet'] as const)
        : (['occupied', occupancy.motion === undefined ? 'presence' : 'motion'] as const);
  const visit = occupancy.kind === 'occupied' ? occupancy.visit : null;
  const since = published.status === status && published.visit === visit ? published.since : toInstant(at);
  return { status, motion: reason === 'motion', reason, since, at: toInstant(at), visit };
}
