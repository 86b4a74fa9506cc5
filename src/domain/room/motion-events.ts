import { toInstant } from '../contract/payloads.js';
import type { Judgement, Region } from '../motion/judgement.js';
import { isMotion } from './motion-streak.js';
import type { Effect, Motion, NewId, Room, RoomRule } from './state.js';

/** A pause in the motion that is shorter than this does not end it: a person does not move in every frame. */
export const motionHoldSeconds = 2;

type Seen = Pick<Judgement, 'changed' | 'regions'>;

/**
 * Starts, continues or ends the motion with a frame; all motion is published, whether or not it occupies the room. Motion of
 * somebody who was recognised starts at once, so that it is published before the room is occupied.
 */
export function followMotion(
  room: Room,
  { judgement, recognised, at }: { readonly judgement: Judgement; readonly recognised: boolean; readonly at: number },
  rule: RoomRule,
  newId: NewId,
): readonly [Room, readonly Effect[]] {
  const { motion, occupancy } = room;
  if (motion === undefined) {
    if (!judgement.moving || !(recognised || isMotion(room.streak, at, rule))) return [room, []];
    const visit = occupancy.kind === 'occupied' ? occupancy.visit : newId(at);
    const occupied = occupancy.kind === 'occupied';
    const started: Motion = { visit, startedAt: at, lastMovingAt: at, snapshots: 0, occupied };
    const event = { room: rule.room, visit, at: toInstant(at), ...roundedShares(judgement) };
    const effect = { kind: 'motion', event: { event_type: 'motion_started', id: newId(at), ...event } } as const;
    return [{ ...room, motion: started }, [effect]];
  }
  if (judgement.moving) return [{ ...room, motion: { ...motion, lastMovingAt: at } }, []];
  return at - motion.lastMovingAt < motionHoldSeconds ? [room, []] : endMotion(room, judgement, at, rule, newId);
}

/** Ends the motion in progress, if any. */
export function endMotion(
  room: Room,
  seen: Seen,
  at: number,
  rule: RoomRule,
  newId: NewId,
): readonly [Room, readonly Effect[]] {
  const { motion } = room;
  if (motion === undefined) return [room, []];
  const effect: Effect = {
    kind: 'motion',
    event: {
      event_type: 'motion_ended',
      id: newId(at),
      room: rule.room,
      visit: motion.visit,
      at: toInstant(at),
      ...roundedShares(seen),
      duration_seconds: Math.max(0, Math.round((motion.lastMovingAt - motion.startedAt) * 1000) / 1000),
      snapshots: motion.snapshots,
    },
  };
  const ignoredMotions = room.ignoredMotions + (motion.occupied ? 0 : 1);
  return [{ ...room, motion: undefined, ignoredMotions }, [effect]];
}

/** Shares as they are published: a ten-thousandth of the frame is precise enough for any pixel. */
export function roundedShares({ changed, regions }: Seen) {
  return { changed: round(changed), regions: regions.map(roundedRegion) };
}

function roundedRegion({ x, y, width, height, label, score }: Region) {
  return {
    x: round(x),
    y: round(y),
    width: round(width),
    height: round(height),
    ...(label === undefined ? {} : { label }),
    ...(score === undefined ? {} : { score: Math.round(score * 100) / 100 }),
  };
}

function round(share: number): number {
  return Math.round(share * 10_000) / 10_000;
}
