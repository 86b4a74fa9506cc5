import { toInstant, type RoomStatus, type ZoneStatus } from '../contract/payloads.js';
import { motionHoldSeconds } from '../room/motion-events.js';
import { extendStreak, isMotion, noStreak, type MotionRequirement } from '../room/motion-streak.js';
import { smoothedCount } from '../recognition/recent-detections.js';
import { isInside, type Point, type Polygon } from './polygon.js';
import type { Sighting, Whereabouts } from './whereabouts.js';
import type { Zone, Zones, ZoneState } from './zone.js';

/** The rule of the zones: that of their room. */
export type ZonesRule = MotionRequirement & { readonly zones: readonly Zone[]; readonly vacancySeconds: number };

/** What the zones need to know of their room after an input. */
export type ZonedRoom = {
  readonly status: RoomStatus;
  /** what the frame shows; undefined for anything but a frame that counts */
  readonly where: Whereabouts | undefined;
  readonly at: number;
};

/** The zones of a room whose status has this reason. */
export function initialZones(zones: readonly Zone[], status: RoomStatus): Zones {
  return { seenAt: -Infinity, states: zones.map(({ name }) => freshZone(name, status)) };
}

function freshZone(zone: string, { status, reason, at }: RoomStatus): ZoneState {
  const isUnknown = status === 'unknown';
  const known = isUnknown ? ({ status, reason } as const) : ({ status: 'unoccupied', reason: 'quiet' } as const);
  const published: ZoneStatus = { zone, ...known, motion: false, since: at, at, people: null };
  return {
    name: zone,
    stay: undefined,
    seenAt: -Infinity,
    streak: noStreak,
    moving: false,
    lastMovingAt: -Infinity,
    published,
  };
}

/**
 * The zones after an input of their room, and every status that has changed. A zone is occupied only while its room is, and
 * unknown whenever that is unknown; nothing here changes the room.
 */
export function followZones(zones: Zones, room: ZonedRoom, rule: ZonesRule): readonly [Zones, readonly ZoneStatus[]] {
  const { where, status, at } = room;
  const shown = status.status === 'occupied' ? where : undefined;
  const seen = (shown?.seen ?? []).filter((one) => one.by !== 'presence' && isRecent(one, at, rule));
  const seenAt = status.status === 'occupied' ? Math.max(zones.seenAt, ...seen.map((one) => one.at)) : -Infinity;
  const changes: ZoneStatus[] = [];
  const states = rule.zones.map((zone) => {
    const known = zones.states.find(({ name }) => name === zone.name);
    const before = known ?? freshZone(zone.name, { ...status, at: toInstant(at) });
    const next = status.status === 'unknown' ? emptied(before) : followZone(before, zone, seenAt, room, rule);
    const published = statusOf(next, zone, room);
    if (known !== undefined && isSame(published, before.published)) return next;
    changes.push(published);
    return { ...next, published };
  });
  return [{ seenAt, states }, changes];
}

function emptied(state: ZoneState): ZoneState {
  return { ...state, stay: undefined, seenAt: -Infinity, streak: noStreak, moving: false };
}

function isRecent({ at }: Sighting, now: number, { vacancySeconds }: ZonesRule): boolean {
  return now - at < vacancySeconds;
}

function followZone(
  before: ZoneState,
  { polygon }: Zone,
  roomSeenAt: number,
  { status, where, at }: ZonedRoom,
  rule: ZonesRule,
): ZoneState {
  if (where === undefined) return before;
  const within = <P extends Point>(points: readonly P[]) => points.filter((point) => isInside(point, polygon));
  const seen = within(where.seen).filter((one) => isRecent(one, at, rule));
  const streak = extendStreak(before.streak, within(where.moving).length > 0, at);
  const moved = followMotion({ ...before, streak }, seen, { status, at }, rule);
  if (status.status !== 'occupied') return { ...moved, stay: undefined, seenAt: -Infinity };

  const certain = seen.filter(({ by }) => by === 'person' || (by === 'motion' && isMotion(streak, at, rule)));
  const signs = before.stay === undefined ? certain : seen;
  const seenAt = Math.max(before.seenAt, ...seen.filter(({ by }) => by !== 'presence').map((one) => one.at));
  const present = where.present && before.stay !== undefined && seenAt === roomSeenAt;
  const lastSignAt = Math.max(
    before.stay?.lastSignAt ?? -Infinity,
    present ? at : -Infinity,
    ...signs.map((one) => one.at),
  );
  const isHeld = before.stay !== undefined && within(where.held).length > 0;
  if (at - lastSignAt >= rule.vacancySeconds && !isHeld) return { ...moved, seenAt, stay: undefined };
  const confirmed = before.stay?.confirmed === true || seen.some(({ by }) => by === 'person');
  return { ...moved, seenAt, stay: { lastSignAt, confirmed } };
}

/** Motion in a zone is a part of the room's: it begins no sooner, and ends no later. */
function followMotion(
  state: ZoneState,
  seen: readonly Sighting[],
  { status, at }: Pick<ZonedRoom, 'status' | 'at'>,
  rule: ZonesRule,
): ZoneState {
  const inFrame = state.streak.frames > 0;
  const lastMovingAt = inFrame ? at : state.lastMovingAt;
  const begins = inFrame && (isMotion(state.streak, at, rule) || seen.some(({ by }) => by === 'person'));
  const goesOn = state.moving && at - lastMovingAt < motionHoldSeconds;
  return { ...state, lastMovingAt, moving: status.motion && (begins || goesOn) };
}

function statusOf(
  { name, stay, moving, published }: ZoneState,
  { polygon }: Zone,
  { status: room, where, at }: ZonedRoom,
): ZoneStatus {
  const instant = toInstant(at);
  if (room.status === 'unknown') {
    const since = published.status === 'unknown' ? published.since : instant;
    return { zone: name, status: 'unknown', motion: false, reason: room.reason, since, at: instant, people: null };
  }
  const status = stay === undefined ? 'unoccupied' : 'occupied';
  const held = stay?.confirmed === true ? 'person' : moving ? 'motion' : 'presence';
  return {
    zone: name,
    status,
    motion: moving,
    reason: stay === undefined ? 'quiet' : held,
    since: published.status === status ? published.since : instant,
    at: instant,
    people: where === undefined ? published.people : countPeople(where.people, polygon),
  };
}

function countPeople(people: Whereabouts['people'], polygon: Polygon): number | null {
  return people && smoothedCount(people.map((all) => all.filter((point) => isInside(point, polygon)).length));
}

function isSame(one: ZoneStatus, other: ZoneStatus): boolean {
  return (['status', 'motion', 'reason', 'people'] as const).every((member) => one[member] === other[member]);
}
