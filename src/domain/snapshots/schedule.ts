/** What decides when the next snapshot is due, by the rule of the published tutorial. */
export type SnapshotSchedule = {
  /** moving frames in a row, counted once a snapshot is allowed again */
  readonly streak: number;
  /** when the last snapshot was taken, in seconds since the Unix epoch; -Infinity before the first */
  readonly lastAt: number;
};

/** Before the first frame: no motion, no snapshot. */
export const initialSchedule: SnapshotSchedule = { streak: 0, lastAt: -Infinity };

/** Moving frames needed for a snapshot, and the least time between two snapshots. */
export type SnapshotRule = { readonly framesToMove: number; readonly minSecondsApart: number };

/**
 * The schedule after one frame, and whether a snapshot is due: after `framesToMove` moving frames in a row that are all at
 * least `minSecondsApart` after the last snapshot (counting starts only then, as in the published tutorial).
 */
export function schedule(
  state: SnapshotSchedule,
  moving: boolean,
  at: number,
  rule: SnapshotRule,
): readonly [SnapshotSchedule, boolean] {
  if (!moving) return [state.streak === 0 ? state : { ...state, streak: 0 }, false];
  if (at - state.lastAt < rule.minSecondsApart) return [state, false];
  const streak = state.streak + 1;
  return streak < rule.framesToMove ? [{ ...state, streak }, false] : [{ streak: 0, lastAt: at }, true];
}
