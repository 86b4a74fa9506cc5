import type { Judgement } from '../motion/judgement.js';
import type { Verdict } from '../recognition/verdict.js';
import { schedule } from '../snapshots/schedule.js';
import { roundedShares } from './motion-events.js';
import { noStreak } from './motion-streak.js';
import type { NewId, Room, RoomRule, SnapshotOrder, Step } from './state.js';

/** The first snapshot of a visit waits this long for a look that shows the person well. */
export const firstSnapshotSeconds = 1.5;

type Frame = { readonly judgement: Judgement; readonly verdict: Verdict; readonly at: number };

/** Takes a snapshot if one is due; in an empty room none is, however much moves there. */
export function takeDueSnapshot(room: Room, frame: Frame, rule: RoomRule, newId: NewId): Step {
  const { judgement, verdict, at } = frame;
  const { occupancy } = room;
  const { framesToMove, secondsToMove, minSecondsBetweenSnapshots: minSecondsApart } = rule;
  const required = { framesToMove, secondsToMove, minSecondsApart };
  const [scheduled, due] = schedule(room.schedule, judgement.moving, at, required);
  if (occupancy.kind !== 'occupied') return [due ? room : { ...room, schedule: scheduled }, []];
  const first = verdict.firstSnapshot !== 'scheduled' && occupancy.snapshots === 0;
  if (first) {
    if (at - room.schedule.lastAt < minSecondsApart) return [room, []];
    const shown = verdict.firstSnapshot === 'good' || at - occupancy.beganAt >= firstSnapshotSeconds;
    if (!shown) return holdSnapshot(room, orderOf(frame, occupancy.visit, newId));
  } else if (!due) return [{ ...room, schedule: scheduled }, []];
  const order = orderOf(frame, occupancy.visit, newId);
  return [taken(room, at), [{ kind: 'snapshot', order }]];
}

function orderOf({ judgement, at }: Frame, visit: string, newId: NewId): SnapshotOrder {
  return { id: newId(at), visit, reason: 'motion', at, regions: roundedShares(judgement).regions, occupied: true };
}

/** Holds the frame while the first snapshot waits, so that no visit is without a picture, however suddenly it ends. */
function holdSnapshot(room: Room, order: SnapshotOrder): Step {
  const { occupancy } = room;
  if (occupancy.kind !== 'occupied' || occupancy.held !== undefined) return [room, []];
  return [{ ...room, occupancy: { ...occupancy, held: order } }, [{ kind: 'hold_snapshot', order }]];
}

/** At the end of a visit, or of the watching: what is held becomes a snapshot, unless the visit has one. */
export function keepHeldSnapshot(room: Room): Step {
  const { occupancy } = room;
  if (occupancy.kind !== 'occupied' || occupancy.held === undefined) return [room, []];
  const { held: order } = occupancy;
  return [taken(room, order.at), [{ kind: 'keep_held_snapshot', order }]];
}

/** The room after a snapshot; the next one keeps its distance. */
export function taken(room: Room, at: number): Room {
  return countSnapshot({ ...room, schedule: { streak: noStreak, lastAt: at } });
}

/** What was held is no longer needed. */
function countSnapshot(room: Room): Room {
  const { occupancy, motion } = room;
  return {
    ...room,
    motion: motion && { ...motion, snapshots: motion.snapshots + 1 },
    occupancy:
      occupancy.kind === 'occupied' ? { ...occupancy, snapshots: occupancy.snapshots + 1, held: undefined } : occupancy,
  };
}
