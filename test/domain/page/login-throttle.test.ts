import { expect, test } from 'vitest';
import { createLoginThrottle } from '../../../src/domain/page/login-throttle.js';

const failTimes = (throttle: ReturnType<typeof createLoginThrottle>, address: string, times: number, at: number) => {
  for (let time = 0; time < times; time++) throttle.loginFailed(address, at);
};

test.each([
  ['no pause before a wrong try', 0, 0],
  ['no pause after two wrong tries', 2, 0],
  ['the third wrong try costs a second', 3, 1],
  ['each further wrong try doubles the pause', 6, 8],
  ['the pause is at most a minute', 20, 60],
])('%s', (_what, tries, seconds) => {
  const throttle = createLoginThrottle();
  failTimes(throttle, 'a', tries, 100);
  expect(throttle.waitSeconds('a', 100)).toBe(seconds);
});

test('the pause passes, is not for other addresses, and ends with the right password', () => {
  const throttle = createLoginThrottle();
  failTimes(throttle, 'a', 4, 100);
  expect(throttle.waitSeconds('a', 101)).toBe(1);
  expect(throttle.waitSeconds('a', 102)).toBe(0);
  expect(throttle.waitSeconds('b', 100)).toBe(0);
  throttle.loginSucceeded('a');
  expect(throttle.waitSeconds('a', 100)).toBe(0);
});

test('after 15 minutes without a wrong try all is forgotten', () => {
  const throttle = createLoginThrottle();
  failTimes(throttle, 'a', 20, 100);
  failTimes(throttle, 'a', 1, 1001);
  expect(throttle.waitSeconds('a', 1001)).toBe(0);
});

test('many addresses share one limit, and lock no other address out for more than five seconds', () => {
  const throttle = createLoginThrottle();
  for (let address = 0; address < 5000; address++) throttle.loginFailed(`address ${address}`, 100);
  expect(throttle.waitSeconds('the owner', 100)).toBe(5);
});
