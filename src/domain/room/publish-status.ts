import { toInstant } from '../contract/payloads.js';
import type { RoomStatus } from '../contract/payloads.js';
import { followZones } from '../zones/follow-zones.js';
import type { Effect, Occupancy, Room, RoomInput, RoomRule, Step } from './state.js';

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
  return [{ ...room, published: status }, beforeSnapshots(effects, [{ kind: 'room_status', status }])];
}

/** Adds a `zone_status` effect for every zone whose status differs from the one last published; see `publishStatus`. */
export function publishZones([room, effects]: Step, input: RoomInput, rule: RoomRule): Step {
  if (input.kind === 'snapshot_requested' || (rule.zones.length === 0 && room.zones.states.length === 0))
    return [room, effects];
  const where = input.kind === 'frame' ? input.where : undefined;
  const [zones, changed] = followZones(room.zones, { status: room.published, where, at: input.at }, rule);
  const published = changed.map((status): Effect => ({ kind: 'zone_status', status }));
  return [{ ...room, zones }, beforeSnapshots(effects, published)];
}

function beforeSnapshots(effects: readonly Effect[], states: readonly Effect[]): readonly Effect[] {
  const firstSnapshot = effects.findIndex(({ kind }) => kind !== 'motion' && kind !== 'room_status');
  return effects.toSpliced(firstSnapshot < 0 ? effects.length : firstSnapshot, 0, ...states);
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
