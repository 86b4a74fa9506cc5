import { expect, test } from 'vitest';
import { createClipClock } from '../../../src/domain/camera/clip-clock.js';

const times = (fps: number, stamps: readonly number[]) => stamps.map(createClipClock(fps));
const close = (actual: readonly number[], expected: readonly number[]) =>
  actual.forEach((at, n) => expect(at).toBeCloseTo(expected[n]!, 6));

test('an even clip has exactly the times of its frame numbers, however its format rounds', () => {
  const stamps = Array.from({ length: 1000 }, (_, n) => 5 + Math.round((n * 1000) / 30) / 1000);
  expect(times(30, stamps)).toEqual(stamps.map((_, n) => n / 30));
});

test.each([
  ['an uneven rate', [0, 0.1, 0.2, 7.3, 7.4, 9], [0, 0.1, 0.2, 7.3, 7.4, 9]],
  ['more frames than the header says', [0, 0.01, 0.02, 0.03], [0, 0.01, 0.02, 0.03]],
  ['no time stamps', [NaN, NaN, NaN], [0, 0.1, 0.2]],
  ['some time stamps', [2, NaN, NaN, 3], [0, 0.1, 0.2, 1]],
  ['none at first', [NaN, NaN, 0.5, 0.9], [0, 0.1, 0.2, 0.6]],
  ['the same one twice', [0, 0.1, 0.1, 0.3], [0, 0.1, 0.1, 0.3]],
  ['a small step back', [0, 0.2, 0.1, 0.3], [0, 0.2, 0.2, 0.3]],
  ['two recordings joined', [8, 8.1, 8.2, 0, 0.5], [0, 0.1, 0.2, 0.3, 0.8]],
  ['a jump beyond belief', [0, 0.1, 95_443.7, 95_444.7], [0, 0.1, 0.2, 1.2]],
] as const)('%s', (_, stamps, expected) => {
  close(times(10, stamps), expected);
});
