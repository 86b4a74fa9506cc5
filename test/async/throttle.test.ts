import { expect, test } from 'vitest';
import { createThrottle } from '../../src/async/throttle.js';

test('one event of each kind passes in a minute, with the number of those held back before it', () => {
  let now = 0;
  const throttle = createThrottle(60, () => now);
  expect([throttle('a'), throttle('a'), throttle('a'), throttle('b')]).toEqual([0, undefined, undefined, 0]);
  now = 60;
  expect([throttle('a'), throttle('a'), throttle('b')]).toEqual([2, undefined, 0]);
});
