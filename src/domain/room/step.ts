import type { Judgement } from '../motion/judgement.js';
import { toInstant, type RoomStatus } from '../contract/payloads.js';
import { motionOnly, type Verdict } from '../recognition/verdict.js';
import { initialSchedule } from '../snapshots/schedule.js';
import { initialZones } from '../zones/follow-zones.js';
import { followClock } from './clock-change.js';
import { endMotion, followMotion, roundedShares } from './motion-events.js';
import { extendStreak, isMotion, noStreak } from './motion-streak.js';
import { publishStatus, publishZones } from './publish-status.js';
import { taken, keepHeldSnapshot, takeDueSnapshot } from './take-snapshots.js';
import type { NewId, Occupancy, Room, RoomInput, RoomRule, SnapshotOrder, Step } from './state.js';

/** The room before its camera has been opened. */
export function initialRoom(at: number, rule: Pick<RoomRule, 'armed'> & Partial<RoomRule>): Room {
  const reason = rule.armed ? 'warming_up' : 'disarmed';
  const now = toInstant(at);
  const published: RoomStatus = {
    ...{ status: 'unknown', motion: false, reason, since: now, at: now },
    ...{ visit: null, confirmed: false, people: null },
  };
  return {
    occupancy: { kind: 'unknown', reason },
    motion: undefined,
    streak: noStreak,
    camera: 'absent',
    warmingSince: at,
    lastFrameAt: undefined,
    frameSeconds: 0,
    schedule: initialSchedule,
    snapshotRequested: false,
    people: null,
    ignoredMotions: 0,
    zones: initialZones(rule.zones ?? [], published),
    published,
  };
}

/** Applies one input; returns the room after it, and what has to be published or done about it, in order. */
export function step(room: Room, input: RoomInput, rule: RoomRule, newId: NewId): Step {
  return publishZones(stepRoom(room, input, rule, newId), input, rule);
}

function stepRoom(room: Room, input: RoomInput, rule: RoomRule, newId: NewId): Step {
  switch (input.kind) {
    case 'opened': {
      const opened: Room = { ...room, camera: 'open', warmingSince: input.at };
      return publishStatus(toUnknown(opened, input.at, rule, newId), input.at);
    }
    case 'lost': {
      const lost: Room = { ...room, camera: 'absent', lastFrameAt: undefined, snapshotRequested: false };
      return publishStatus(toUnknown(lost, input.at, rule, newId), input.at);
    }
    case 'rule_changed': {
      const disarmed = room.occupancy.kind === 'unknown' && room.occupancy.reason === 'disarmed';
      if (rule.armed === !disarmed) return [withoutStreaks(room), []];
      return publishStatus(toUnknown({ ...room, warmingSince: input.at }, input.at, rule, newId), input.at);
    }
    case 'resized':
      return [room, []];
    case 'frozen':
      return publishStatus(toUnknown({ ...room, camera: 'frozen' }, input.at, rule, newId), input.at);
    case 'thawed': {
      // The scene is known: there is nothing to warm up.
      const open: Room = { ...room, camera: 'open', warmingSince: -Infinity };
      return publishStatus(toUnknown(open, input.at, rule, newId), input.at);
    }
    case 'snapshot_requested':
      return [{ ...room, snapshotRequested: room.camera !== 'absent' }, []];
    case 'frame':
      return stepFrame(followClock(room, input.at), input, rule, newId);
  }
}

type FrameInput = Extract<RoomInput, { kind: 'frame' }>;

function stepFrame(room: Room, input: FrameInput, rule: RoomRule, newId: NewId): Step {
  const { at, judgement } = input;
  const verdict = judgement && (input.verdict ?? motionOnly(judgement));
  const counts = judgement !== undefined && verdict !== undefined && isWarm(room, at, rule, judgement, verdict);
  const [judged, effects] = counts ? applyFrame(room, { judgement, verdict, at }, rule, newId) : ([room, []] as const);
  const due = room.snapshotRequested && at - judged.schedule.lastAt >= rule.minSecondsBetweenSnapshots;
  const snapshotRequested = room.snapshotRequested && !due;
  const [next, all] = publishStatus([{ ...judged, lastFrameAt: at, snapshotRequested }, effects], at);
  if (!due) return [next, all];
  const order: SnapshotOrder = {
    id: newId(at),
    visit: next.published.visit,
    reason: 'command',
    at,
    regions: counts ? roundedShares(judgement).regions : [],
    occupied: next.published.status === 'occupied',
  };
  return [taken(next, at), [...all, { kind: 'snapshot', order }]];
}

/** Nothing counts before the scene is known, except a person who is recognised. */
function isWarm(room: Room, at: number, rule: RoomRule, judgement: Judgement, { occupies }: Verdict): boolean {
  if (!rule.armed) return false;
  if (room.occupancy.kind !== 'unknown' || occupies === 'recognised') return true;
  return judgement.ready && at - room.warmingSince >= rule.warmupSeconds;
}

type Frame = { readonly judgement: Judgement; readonly verdict: Verdict; readonly at: number };

/** Applies one frame to a warm room: motion events, occupancy, snapshots; the status is published afterwards. */
function applyFrame(before: Room, frame: Frame, rule: RoomRule, newId: NewId): Step {
  const { judgement, verdict, at } = frame;
  const known: Room = { ...before, people: verdict.people };
  if (known.occupancy.kind === 'unknown' && verdict.occupies !== 'recognised')
    return [{ ...known, occupancy: vacant }, []];
  const streak = extendStreak(known.streak, judgement.moving, at);
  const recognised = verdict.occupies === 'recognised';
  const [moved, motionEffects] = followMotion({ ...known, streak }, { judgement, recognised, at }, rule, newId);
  const occupied = occupy(moved, frame, rule, newId);
  if (isVacated(occupied.occupancy, verdict, at, rule)) {
    const [last, kept] = keepHeldSnapshot(occupied);
    const vacated: Room = { ...last, occupancy: vacant };
    const [ended, endEffects] = judgement.moving ? [vacated, []] : endMotion(vacated, judgement, at, rule, newId);
    return [ended, [...motionEffects, ...endEffects, ...kept]];
  }
  const [next, snapshotEffects] = takeDueSnapshot(occupied, frame, rule, newId);
  return [next, [...motionEffects, ...snapshotEffects]];
}

const vacant: Occupancy = { kind: 'vacant' };

/** Starts a visit where the frame occupies the room, or notes the frame's signs of a person in the visit in progress. */
function occupy(room: Room, { judgement, verdict, at }: Frame, rule: RoomRule, newId: NewId): Room {
  const { occupancy, motion } = room;
  const recognised = verdict.occupies === 'recognised';
  if (occupancy.kind === 'occupied') {
    const lastSignAt = Math.max(occupancy.lastSignAt, verdict.sign ? at : verdict.lastSignAt);
    return { ...room, occupancy: { ...occupancy, lastSignAt, confirmed: occupancy.confirmed || recognised } };
  }
  const unrecognised = verdict.occupies === 'unrecognised' && judgement.moving && isMotion(room.streak, at, rule);
  if (!recognised && !unrecognised && verdict.occupies !== 'far') return room;
  const visit = motion?.visit ?? newId(at);
  return {
    ...room,
    motion: motion && { ...motion, occupied: true },
    occupancy: {
      kind: 'occupied',
      visit,
      beganAt: at,
      lastSignAt: at,
      confirmed: recognised,
      snapshots: 0,
      held: undefined,
    },
  };
}

function isVacated(occupancy: Occupancy, verdict: Verdict, at: number, rule: RoomRule): boolean {
  return occupancy.kind === 'occupied' && verdict.mayVacate && at - occupancy.lastSignAt >= rule.vacancySeconds;
}

/** Makes the room unknown; motion in progress ends here. */
function toUnknown(before: Room, at: number, rule: RoomRule, newId: NewId): Step {
  const [room, kept] = keepHeldSnapshot(before);
  const reason = !rule.armed ? 'disarmed' : room.camera !== 'open' ? 'camera_lost' : 'warming_up';
  const next: Room = { ...room, occupancy: { kind: 'unknown', reason }, streak: noStreak, people: null };
  const [ended, effects] = endMotion(next, { changed: 0, regions: [] }, at, rule, newId);
  return [ended, [...effects, ...kept]];
}

/** Frames judged under another rule do not count towards motion. */
function withoutStreaks(room: Room): Room {
  return { ...room, streak: noStreak, schedule: { ...room.schedule, streak: noStreak } };
}
