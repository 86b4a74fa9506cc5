/** When a picture is due, as the tutorial has it. */
export type SnapshotSchedule = {
  /** moving frames in a row since a picture was allowed again */
  readonly streak: number;
  /** seconds since the Unix epoch, -Infinity before the first */
  readonly lastAt: number;
};

/** Before the first frame: nothing moved, no picture taken. */
export const freshSchedule: SnapshotSchedule = { streak: 0, lastAt: -Infinity };

/** How many moving frames a picture takes, and how far pictures are apart. */
export type SnapshotRule = { readonly framesToMove: number; readonly minSecondsApart: number };

/**
 * One judged frame further: a picture is due after `framesToMove` consecutive moving frames that come at least
 * `minSecondsApart` after the last picture (the counting itself begins only then, as in the published tutorial).
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
