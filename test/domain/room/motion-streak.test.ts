import { expect, test } from 'vitest';
import { extendStreak, isMotion, noStreak } from '../../../src/domain/room/motion-streak.js';

/** The time of the frame at which a walk that starts at 0 becomes motion, at a frame rate. */
function motionAt(fps: number, required: { framesToMove: number; secondsToMove: number }): number {
  let streak = noStreak;
  for (let n = 0; ; n++) {
    streak = extendStreak(streak, true, n / fps);
    if (isMotion(streak, n / fps, required)) return n / fps;
  }
}

const asTime = { framesToMove: 2, secondsToMove: 7 / 16 };
const cases = [
  ['eight frames of sixteen a second', 16, { framesToMove: 8, secondsToMove: 0 }, 7 / 16],
  ['the same as a time', 16, asTime, 7 / 16],
  ['the same as a time, at 30 frames a second', 30, asTime, 14 / 30],
  ['at 5 frames a second', 5, asTime, 0.6],
  ['at 2 frames a second: two frames', 2, asTime, 0.5],
  ['at one frame a second: two frames', 1, asTime, 1],
] as const;

test.each(cases)('%s', (_, fps, required, at) => expect(motionAt(fps, required)).toBeCloseTo(at, 9));

test('a calm frame ends a streak', () => {
  const moved = extendStreak(noStreak, true, 1);
  expect(extendStreak(moved, false, 2)).toEqual(noStreak);
});
