import { expect, test } from 'vitest';
import { createLoginThrottle } from '../../../src/domain/page/login-throttle.js';

const wrong = (guard: ReturnType<typeof createLoginThrottle>, who: string, times: number, at: number) => {
  for (let time = 0; time < times; time++) guard.loginFailed(who, at);
};

test.each([
  ['nobody waits before a wrong try', 0, 0],
  ['two wrong tries are anybody’s', 2, 0],
  ['the third costs a second', 3, 1],
  ['each further one doubles it', 6, 8],
  ['up to a minute', 20, 60],
])('%s', (_what, tries, seconds) => {
  const guard = createLoginThrottle();
  wrong(guard, 'a', tries, 100);
  expect(guard.waitSeconds('a', 100)).toBe(seconds);
});

test('the pause passes, another address does not wait, and the right password ends it', () => {
  const guard = createLoginThrottle();
  wrong(guard, 'a', 4, 100);
  expect(guard.waitSeconds('a', 101)).toBe(1);
  expect(guard.waitSeconds('a', 102)).toBe(0);
  expect(guard.waitSeconds('b', 100)).toBe(0);
  guard.loginSucceeded('a');
  expect(guard.waitSeconds('a', 100)).toBe(0);
});

test('a quarter of an hour later nothing is held against anybody', () => {
  const guard = createLoginThrottle();
  wrong(guard, 'a', 20, 100);
  wrong(guard, 'a', 1, 1001);
  expect(guard.waitSeconds('a', 1001)).toBe(0);
});

test('many addresses do not buy many guesses, and lock nobody out for more than five seconds', () => {
  const guard = createLoginThrottle();
  for (let address = 0; address < 5000; address++) guard.loginFailed(`address ${address}`, 100);
  expect(guard.waitSeconds('the owner', 100)).toBe(5);
});
