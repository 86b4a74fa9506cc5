import { isIPv4 } from 'node:net';
import { expect, test } from 'vitest';
import { addressTowards } from '../../src/runtime/local-address.js';

test.each([
  ['127.0.0.1', '127.0.0.1'],
  ['localhost', /^(?:127\.0\.0\.1|\[::1\])$/],
])('the address towards %s', async (host, expected) => {
  expect(await addressTowards(host)).toMatch(expected);
});

test('a name that does not resolve has none', async () => {
  expect(await addressTowards('nowhere.invalid')).toBeUndefined();
});

test('another machine is reached from an address of this one, if there is a network', async () => {
  const address = await addressTowards('192.0.2.1');
  if (address !== undefined) expect(isIPv4(address)).toBe(true);
});
