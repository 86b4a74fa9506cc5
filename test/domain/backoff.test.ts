import { expect, test } from 'vitest';
import { backoffSeconds } from '../../src/domain/backoff.js';

const rule = { floorSeconds: 1, ceilingSeconds: 30, jitter: 0.5 };

const cases = [
  [1, 0, 1],
  [2, 0, 2],
  [5, 0, 16],
  [6, 0, 30],
  [5000, 0, 30],
  [6, 1, 15],
  [1, 1, 0.5],
] as const;
test.each(cases)('after failure %i, with %d as the random number, the pause is %d s', (attempt, random, seconds) => {
  expect(backoffSeconds(attempt, rule, random)).toBe(seconds);
});
