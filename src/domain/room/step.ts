import type { Judgement } from '../motion/judgement.js';
import { toInstant } from '../contract/payloads.js';
import { followClock } from './clock-change.js';
import type { Effect, Motion, NewId, Occupancy, Room, RoomInput, RoomRule, SnapshotOrder } from './state.js';
import { publishStatus } from './publish-status.js';
import { initialSchedule, schedule } from '../snapshots/schedule.js';

/** A pause in the motion that is shorter than this does not end it: a person does not move in every frame. */
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
    schedule: initialSchedule,
    snapshotRequested: false,
    published: { status: 'unknown', motion: false, reason, since: now, at: now, visit: null },
  };
}

/** A room after an input, and the effects of that input in order. */
export type Step = readonly [Room, readonly Effect[]];

/** Applies one input; returns the room after it, and what has to be published or done about it, in order. */
export function step(room: Room, input: RoomInput, rule: RoomRule, newId: NewId): Step {
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
    case 'snapshot_requested':
      return [{ ...room, snapshotRequested: room.camera === 'open' }, []];
    case 'frame':
      return stepFrame(followClock(room, input.at), input, rule, newId);
  }
}

type FrameInput = Extract<RoomInput, { kind: 'frame' }>;

function stepFrame(room: Room, { at, judgement }: FrameInput, rule: RoomRule, newId: NewId): Step {
  const counts = rule.armed && judgement !== undefined && isWarm(room, at, rule, judgement) ? judgement : undefined;
  const [judged, effects] =
    counts === undefined ? ([room, []] as const) : applyJudgement(room, counts, at, rule, newId);
  const [next, all] = publishStatus([{ ...judged, lastFrameAt: at, snapshotRequested: false }, effects], at);
  if (!room.snapshotRequested) return [next, all];
  const order: SnapshotOrder = {
    id: newId(at),
    visit: next.published.visit,
    reason: 'command',
    at,
    regions: counts === undefined ? [] : roundedShares(counts).regions,
    occupied: next.published.status === 'occupied',
  };
  return [countSnapshot(next), [...all, { kind: 'snapshot', order }]];
}

function isWarm(room: Room, at: number, rule: RoomRule, judgement: Judgement): boolean {
  if (room.occupancy.kind !== 'unknown') return true;
  return judgement.ready && at - room.warmingSince >= rule.warmupSeconds;
}

/** Applies the judgement of one frame to a warm room: motion events and snapshots; the status is published afterwards. */
function applyJudgement(before: Room, judgement: Judgement, at: number, rule: RoomRule, newId: NewId): Step {
  const { occupancy } = before;
  if (occupancy.kind === 'unknown') return [{ ...before, occupancy: vacant }, []];
  const [scheduled, due] = schedule(before.schedule, judgement.moving, at, {
    framesToMove: rule.framesToMove,
    minSecondsApart: rule.minSecondsBetweenSnapshots,
  });
  const room: Room = { ...before, schedule: scheduled };
  const streak = judgement.moving ? occupancy.streak + 1 : 0;
  const motionStarts = streak >= rule.framesToMove;
  if (occupancy.kind === 'vacant' && !motionStarts) return [{ ...room, occupancy: { kind: 'vacant', streak } }, []];

  const visit = occupancy.kind === 'occupied' ? occupancy.visit : newId(at);
  const isSign = occupancy.kind === 'vacant' || judgement.moving || judgement.present;
  const lastSignAt = isSign ? at : occupancy.lastSignAt;
  const effects: Effect[] = [];

  let motion = occupancy.kind === 'occupied' ? occupancy.motion : undefined;
  if (motion === undefined && motionStarts) {
    motion = { startedAt: at, lastMovingAt: at, snapshots: 0 };
    const event = { room: rule.room, visit, at: toInstant(at), ...roundedShares(judgement) };
    effects.push({ kind: 'motion', event: { event_type: 'motion_started', id: newId(at), ...event } });
  } else if (motion !== undefined && judgement.moving) {
    motion = { ...motion, lastMovingAt: at };
  }

  const vacated = at - lastSignAt >= rule.vacancySeconds;
  if (motion !== undefined && (vacated || at - motion.lastMovingAt >= motionHoldSeconds)) {
    effects.push(motionEnded(motion, visit, judgement, at, rule, newId));
    motion = undefined;
  }
  if (vacated) return [{ ...room, occupancy: vacant }, effects];

  const next: Room = { ...room, occupancy: { kind: 'occupied', visit, streak, lastSignAt, motion } };
  if (!due) return [next, effects];
  const { regions } = roundedShares(judgement);
  const order: SnapshotOrder = { id: newId(at), visit, reason: 'motion', at, regions, occupied: true };
  return [countSnapshot(next), [...effects, { kind: 'snapshot', order }]];
}

const vacant: Occupancy = { kind: 'vacant', streak: 0 };

/** Makes the room unknown; motion in progress ends here. */
function toUnknown(room: Room, at: number, rule: RoomRule, newId: NewId): Step {
  const reason = !rule.armed ? 'disarmed' : room.camera === 'absent' ? 'camera_lost' : 'warming_up';
  const next: Room = { ...room, occupancy: { kind: 'unknown', reason } };
  if (room.occupancy.kind !== 'occupied' || room.occupancy.motion === undefined) return [next, []];
  const { motion, visit } = room.occupancy;
  return [next, [motionEnded(motion, visit, { changed: 0, regions: [] }, at, rule, newId)]];
}

function motionEnded(
  motion: Motion,
  visit: string,
  judgement: Pick<Judgement, 'changed' | 'regions'>,
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
      ...roundedShares(judgement),
      duration_seconds: Math.max(0, Math.round((motion.lastMovingAt - motion.startedAt) * 1000) / 1000),
      snapshots: motion.snapshots,
    },
  };
}

/** Frames judged under another rule do not count towards motion. */
function withoutStreaks(room: Room): Room {
  const { occupancy } = room;
  return {
    ...room,
    schedule: { ...room.schedule, streak: 0 },
    occupancy: occupancy.kind === 'unknown' ? occupancy : { ...occupancy, streak: 0 },
  };
}

/** Shares as they are published: a ten-thousandth of the frame is precise enough for any pixel. */
function roundedShares({ changed, regions }: Pick<Judgement, 'changed' | 'regions'>) {
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
