import { expect, test } from 'vitest';
import { createLoginThrottle } from '../../../src/domain/page/login-throttle.js';

test('after a wrong password, the next one is compared a second later, and a right one costs nothing', () => {
  const throttle = createLoginThrottle();
  expect(throttle.waitSeconds(100)).toBe(0);
  throttle.loginSucceeded('a');
  expect(throttle.waitSeconds(100)).toBe(0);
  throttle.loginFailed(100);
  expect(throttle.waitSeconds(100.25)).toBe(0.75);
  expect(throttle.waitSeconds(101)).toBe(0);
});

const rankAfter = (tries: readonly string[], address: string, at = 100) => {
  const throttle = createLoginThrottle();
  for (const one of tries) throttle.tryBegun(one, 100);
  throttle.tryBegun(address, at);
  return throttle.rank(address);
};
const cases = [
  ['an address without tries before one with tries', [], '10.0.0.1', ['10.0.0.2'], '10.0.0.2'],
  ['fewer tries before more', ['10.0.0.1'], '10.0.0.1', ['10.0.0.2', '10.0.0.2'], '10.0.0.2'],
  ['a quiet /24 before a busy one', ['10.0.1.9'], '10.0.0.1', ['10.0.2.8', '10.0.2.9'], '10.0.2.1'],
  ['a quiet /16 before a busy one', [], '10.1.0.1', ['10.2.0.9'], '10.2.1.1'],
  ['a quiet /64 before a busy one', ['fd00:1:2:4::9'], 'fd00:1:2:3::1', ['fd00:1:2:5::1'], 'fd00:1:2:5::2'],
  ['IPv4 in IPv6 is IPv4', [], '::ffff:10.1.0.1', ['::ffff:10.2.0.9'], '::ffff:10.2.0.1'],
] as const;
test.each(cases)('%s', (_what, triesBefore, before, triesAfter, after) => {
  expect(rankAfter(triesBefore, before)).toBeLessThan(rankAfter(triesAfter, after));
});

test('who has logged in before comes before strangers', () => {
  const throttle = createLoginThrottle();
  throttle.loginSucceeded('10.0.0.1');
  for (let time = 0; time < 50; time++) throttle.tryBegun('10.0.0.1', 100);
  expect(throttle.rank('10.0.0.1')).toBeLessThan(throttle.rank('192.0.2.1'));
});

test('right passwords make no neighbour come later', () => {
  const throttle = createLoginThrottle();
  for (let time = 0; time < 50; time++) {
    throttle.tryBegun('10.0.0.1', 100);
    throttle.loginSucceeded('10.0.0.1');
  }
  expect(throttle.rank('10.0.0.2')).toBe(0);
});

test('after 15 minutes without a try, all is forgotten', () => {
  expect(rankAfter(['10.0.0.1', '10.0.0.2'], '10.0.0.1', 1000)).toBe(rankAfter([], '10.0.0.1'));
});
