import { toInstant } from '../contract/payloads.js';
import type { RoomStatus } from '../contract/payloads.js';
import type { Effect, Room } from './state.js';

/** Says the status where it differs from what was said last; it comes before the pictures and after the motion. */
export function publishStatus(
  [room, effects]: readonly [Room, readonly Effect[]],
  at: number,
): readonly [Room, readonly Effect[]] {
  const status = statusOf(room, at);
  const { published: said } = room;
  const same =
    status.status === said.status &&
    status.motion === said.motion &&
    status.reason === said.reason &&
    status.visit === said.visit;
  if (same) return [room, effects];
  const pictures = effects.findIndex((effect) => effect.kind === 'snapshot');
  const place = pictures < 0 ? effects.length : pictures;
  return [{ ...room, published: status }, effects.toSpliced(place, 0, { kind: 'room_status', status })];
}

function statusOf({ occupancy, published: said }: Room, at: number): RoomStatus {
  const [status, reason] =
    occupancy.kind === 'unknown'
      ? (['unknown', occupancy.reason] as const)
      : occupancy.kind === 'vacant'
        ? (['unoccupied', 'quiet'] as const)
        : (['occupied', occupancy.motion === undefined ? 'presence' : 'motion'] as const);
  const visit = occupancy.kind === 'occupied' ? occupancy.visit : null;
  const since = said.status === status && said.visit === visit ? said.since : toInstant(at);
  return { status, motion: reason === 'motion', reason, since, at: toInstant(at), visit };
}
