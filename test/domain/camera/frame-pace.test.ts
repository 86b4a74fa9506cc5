import { expect, test } from 'vitest';
import { createFramePace, createAnalysisPace, planLooks } from '../../../src/domain/camera/frame-pace.js';

const cases = [
  ['a slower clip is judged whole', 4, 16, 100, 100],
  ['a clip of the same rate is judged whole', 16, 16, 160, 160],
  ['a clip a little slower is judged whole', 15, 16, 150, 150],
  ['a faster clip is judged at the rate asked', 25, 16, 250, 160],
  ['twice as fast is every second frame', 32, 16, 320, 160],
] as const;

test.each(cases)('%s', (_, clipFps, fps, frames, judged) => {
  const due = createFramePace(fps);
  const count = Array.from({ length: frames }, (_unused, n) => due(n / clipFps)).filter(Boolean).length;
  expect(count).toBe(judged);
});

test('a camera of the rate asked loses no frame to jitter, wherever its phase lies', () => {
  const due = createFramePace(16);
  const early = [0, 0.02, -0.02, 0.015, -0.01];
  const frames = Array.from({ length: 160 }, (_, n) => due(0.0624 + n / 16 + early[n % 5]!));
  expect(frames.filter(Boolean)).toHaveLength(160);
});

test('a clock that jumps back does not stop the judging', () => {
  const due = createFramePace(16);
  expect([due(1000), due(1000.01), due(10), due(10.1)]).toEqual([true, false, true, true]);
});

test('between two looks pass so many seconds at least; a clock that jumps back is looked at', () => {
  const looks = createAnalysisPace(0.19);
  expect([10, 10.1, 10.2, 10.38, 10.4, 5, 5.1].map(looks)).toEqual([true, false, true, false, true, true, false]);
});

test('the plan of a clip is what pace and looks say together', () => {
  expect([...planLooks({ fps: 10, frameCount: 5 }, 16, 0.19)]).toEqual([1, 0, 1, 0, 1]);
  // The second and third are due, the sixth is not: looked at is the seventh.
  expect([...planLooks({ fps: 25, frameCount: 8 }, 16, 0.19)]).toEqual([1, 0, 0, 0, 0, 0, 1, 0]);
  expect([...planLooks({ fps: 4, frameCount: 3 }, 16, 0.19)]).toEqual([1, 1, 1]);
});

test('a header that promises any number of frames makes no endless plan', () => {
  expect(planLooks({ fps: 25, frameCount: 1e12 }, 16, 0.19)).toHaveLength(1_000_000);
});
