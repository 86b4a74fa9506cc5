import { extendStreak, isMotion, noStreak, type MotionRequirement, type MotionStreak } from '../room/motion-streak.js';

/** What decides when the next snapshot is due, by the rule of the published tutorial. */
export type SnapshotSchedule = {
  /** moving frames in a row, counted once a snapshot is allowed again */
  readonly streak: MotionStreak;
  /** when the last snapshot was taken, in seconds since the Unix epoch; -Infinity before the first */
  readonly lastAt: number;
};

/** Before the first frame. */
export const initialSchedule: SnapshotSchedule = { streak: noStreak, lastAt: -Infinity };

/** How much motion a snapshot needs, and the minimum time between two snapshots. */
export type SnapshotRule = MotionRequirement & { readonly minSecondsApart: number };

/**
 * Advances the schedule by one frame; returns it and whether a snapshot is due. One is due once motion has been seen that
 * starts `minSecondsApart` or more after the last snapshot: frames before that do not count, as in the tutorial.
 */
export function schedule(
  state: SnapshotSchedule,
  moving: boolean,
  at: number,
  rule: SnapshotRule,
): readonly [SnapshotSchedule, boolean] {
  if (moving && at - state.lastAt < rule.minSecondsApart) return [state, false];
  const streak = extendStreak(state.streak, moving, at);
  if (moving && isMotion(streak, at, rule)) return [{ streak: noStreak, lastAt: at }, true];
  return [streak === state.streak ? state : { ...state, streak }, false];
}
