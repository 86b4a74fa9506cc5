import type { Judgement } from '../motion/judgement.js';
import { toInstant } from '../contract/payloads.js';
import { followClock } from './clock-change.js';
import type { Effect, Motion, NewId, Occupancy, Room, RoomInput, RoomRule, SnapshotOrder } from './state.js';
import { publishStatus } from './publish-status.js';
import { freshSchedule, schedule } from '../snapshots/schedule.js';

/** Motion pauses shorter than this do not end it: nobody moves in every frame. */
export const motionHoldSeconds = 2;

/** The room before its camera has been opened. */
export function initialRoom(at: number, rule: Pick<RoomRule, 'armed'>): Room {
  const reason = rule.armed ? 'warming_up' : 'disarmed';
  const now = toInstant(at);
  return {
    occupancy: { kind: 'unknown', reason },
    camera: 'absent',
    warmingSince: at,
    lastFrameAt: undefined,
    schedule: freshSchedule,
    published: { status: 'unknown', motion: false, reason, since: now, at: now, visit: null },
  };
}

/** One input further: the room as it is now, and what is to be said and done about it, in order. */
export function step(before: Room, input: RoomInput, rule: RoomRule, newId: NewId): readonly [Room, readonly Effect[]] {
  switch (input.kind) {
    case 'opened':
      return publishStatus(
        toUnknown({ ...before, camera: 'open', warmingSince: input.at }, input.at, rule, newId),
        input.at,
      );
    case 'lost':
      return publishStatus(
        toUnknown({ ...before, camera: 'absent', lastFrameAt: undefined }, input.at, rule, newId),
        input.at,
      );
    case 'rule_changed': {
      const disarmed = before.occupancy.kind === 'unknown' && before.occupancy.reason === 'disarmed';
      if (rule.armed === !disarmed) return [withoutStreak(before), []];
      return publishStatus(toUnknown({ ...before, warmingSince: input.at }, input.at, rule, newId), input.at);
    }
    case 'frame':
      return watch(followClock(before, input.at), input, rule, newId);
  }
}

type Step = readonly [Room, readonly Effect[]];
type FrameInput = Extract<RoomInput, { kind: 'frame' }>;

function watch(room: Room, input: FrameInput, rule: RoomRule, newId: NewId): Step {
  const { at, judgement } = input;
  const seen = rule.armed && judgement !== undefined && isWarm(room, at, rule, judgement) ? judgement : undefined;
  const [watched, effects] = seen === undefined ? ([room, []] as const) : see(room, seen, at, rule, newId);
  const [next, all] = publishStatus([{ ...watched, lastFrameAt: at }, effects], at);
  if (!input.asked) return [next, all];
  const order: SnapshotOrder = {
    id: newId(at),
    visit: next.published.visit,
    reason: 'command',
    at,
    regions: seen === undefined ? [] : shares(seen).regions,
  };
  return [countSnapshot(next), [...all, { kind: 'snapshot', order }]];
}

function isWarm(room: Room, at: number, rule: RoomRule, judgement: Judgement): boolean {
  if (room.occupancy.kind !== 'unknown') return true;
  return judgement.ready && at - room.warmingSince >= rule.warmupSeconds;
}

/** Judges one frame of a warm room; says of motion and pictures, not yet of the status. */
function see(before: Room, seen: Judgement, at: number, rule: RoomRule, newId: NewId): Step {
  const { occupancy } = before;
  if (occupancy.kind === 'unknown') return [{ ...before, occupancy: vacant }, []];
  const [scheduled, due] = schedule(before.schedule, seen.moving, at, {
    framesToMove: rule.framesToMove,
    minSecondsApart: rule.minSecondsBetweenSnapshots,
  });
  const room: Room = { ...before, schedule: scheduled };
  const streak = seen.moving ? occupancy.streak + 1 : 0;
  const begins = streak >= rule.framesToMove;
  if (occupancy.kind === 'vacant' && !begins) return [{ ...room, occupancy: { kind: 'vacant', streak } }, []];

  const visit = occupancy.kind === 'occupied' ? occupancy.visit : newId(at);
  const lastSignAt = occupancy.kind === 'vacant' || seen.moving || seen.present ? at : occupancy.lastSignAt;
  const effects: Effect[] = [];

  let motion = occupancy.kind === 'occupied' ? occupancy.motion : undefined;
  if (motion === undefined && begins) {
    motion = { startedAt: at, lastMovingAt: at, snapshots: 0 };
    const event = { room: rule.room, visit, at: toInstant(at), ...shares(seen) };
    effects.push({ kind: 'motion', event: { event_type: 'motion_started', id: newId(at), ...event } });
  } else if (motion !== undefined && seen.moving) {
    motion = { ...motion, lastMovingAt: at };
  }

  const vacated = at - lastSignAt >= rule.vacancySeconds;
  if (motion !== undefined && (vacated || at - motion.lastMovingAt >= motionHoldSeconds)) {
    effects.push(ended(motion, visit, seen, at, rule, newId));
    motion = undefined;
  }
  if (vacated) return [{ ...room, occupancy: vacant }, effects];

  const next: Room = { ...room, occupancy: { kind: 'occupied', visit, streak, lastSignAt, motion } };
  if (!due) return [next, effects];
  const order: SnapshotOrder = { id: newId(at), visit, reason: 'motion', at, regions: shares(seen).regions };
  return [countSnapshot(next), [...effects, { kind: 'snapshot', order }]];
}

const vacant: Occupancy = { kind: 'vacant', streak: 0 };

/** Nothing is known any more: motion that was going on ends here. */
function toUnknown(room: Room, at: number, rule: RoomRule, newId: NewId): Step {
  const reason = !rule.armed ? 'disarmed' : room.camera === 'absent' ? 'camera_lost' : 'warming_up';
  const next: Room = { ...room, occupancy: { kind: 'unknown', reason } };
  if (room.occupancy.kind !== 'occupied' || room.occupancy.motion === undefined) return [next, []];
  const { motion, visit } = room.occupancy;
  return [next, [ended(motion, visit, { changed: 0, regions: [] }, at, rule, newId)]];
}

function ended(
  motion: Motion,
  visit: string,
  seen: Pick<Judgement, 'changed' | 'regions'>,
  at: number,
  rule: RoomRule,
  newId: NewId,
): Effect {
  return {
    kind: 'motion',
    event: {
      event_type: 'motion_ended',
      id: newId(at),
      room: rule.room,
      visit,
      at: toInstant(at),
      ...shares(seen),
      duration_seconds: Math.max(0, Math.round((motion.lastMovingAt - motion.startedAt) * 1000) / 1000),
      snapshots: motion.snapshots,
    },
  };
}

/** Frames judged by another rule do not count towards motion. */
function withoutStreak(room: Room): Room {
  const { occupancy } = room;
  return {
    ...room,
    schedule: { ...room.schedule, streak: 0 },
    occupancy: occupancy.kind === 'unknown' ? occupancy : { ...occupancy, streak: 0 },
  };
}

/** Shares as they are said: a ten-thousandth of the frame is less than any pixel's worth. */
function shares({ changed, regions }: Pick<Judgement, 'changed' | 'regions'>) {
  const round = (share: number) => Math.round(share * 10_000) / 10_000;
  return {
    changed: round(changed),
    regions: regions.map(({ x, y, width, height }) => ({
      x: round(x),
      y: round(y),
      width: round(width),
      height: round(height),
    })),
  };
}

function countSnapshot(room: Room): Room {
  const { occupancy } = room;
  if (occupancy.kind !== 'occupied' || occupancy.motion === undefined) return room;
  const motion = { ...occupancy.motion, snapshots: occupancy.motion.snapshots + 1 };
  return { ...room, occupancy: { ...occupancy, motion } };
}
