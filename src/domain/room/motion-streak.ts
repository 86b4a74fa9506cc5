/** Moving frames in a row; `since` is the time of the first, in seconds. */
export type MotionStreak = { readonly frames: number; readonly since: number };

/** No moving frame yet. */
export const noStreak: MotionStreak = { frames: 0, since: -Infinity };

/** How many moving frames in a row are motion, and how long they last at least, from the first to the last. */
export type MotionRequirement = { readonly framesToMove: number; readonly secondsToMove: number };

/** The streak after a frame at `at`. */
export function extendStreak(streak: MotionStreak, moving: boolean, at: number): MotionStreak {
  if (!moving) return streak.frames === 0 ? streak : noStreak;
  return { frames: streak.frames + 1, since: streak.frames === 0 ? at : streak.since };
}

/** Whether a streak that lasts until `at` is motion. */
export function isMotion({ frames, since }: MotionStreak, at: number, required: MotionRequirement): boolean {
  return frames >= required.framesToMove && at - since >= required.secondsToMove;
}
