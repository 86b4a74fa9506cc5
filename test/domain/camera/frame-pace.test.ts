import { expect, test } from 'vitest';
import { createFramePace, createAnalysisPace } from '../../../src/domain/camera/frame-pace.js';

const cases = [
  ['every frame of a slower clip is judged', 4, 16, 100, 100],
  ['every frame of a clip of the same rate is judged', 16, 16, 160, 160],
  ['every frame of a slightly slower clip is judged', 15, 16, 150, 150],
  ['a faster clip is judged at the configured rate', 25, 16, 250, 160],
  ['of a clip twice as fast, every second frame is judged', 32, 16, 320, 160],
] as const;

test.each(cases)('%s', (_, clipFps, fps, frames, judged) => {
  const due = createFramePace(fps);
  const count = Array.from({ length: frames }, (_unused, n) => due(n / clipFps)).filter(Boolean).length;
  expect(count).toBe(judged);
});

test('a camera of the configured rate loses no frame to jitter, whatever its phase', () => {
  const due = createFramePace(16);
  const early = [0, 0.02, -0.02, 0.015, -0.01];
  const frames = Array.from({ length: 160 }, (_, n) => due(0.0624 + n / 16 + early[n % 5]!));
  expect(frames.filter(Boolean)).toHaveLength(160);
});

test('a clock that is set back does not stop the judging', () => {
  const due = createFramePace(16);
  expect([due(1000), due(1000.01), due(10), due(10.1)]).toEqual([true, false, true, true]);
});

test('between two analysed frames lie at least the given seconds; a frame after the clock was set back is analysed', () => {
  const analysed = createAnalysisPace(0.19);
  expect([10, 10.1, 10.2, 10.38, 10.4, 5, 5.1].map(analysed)).toEqual([true, false, true, false, true, true, false]);
});
