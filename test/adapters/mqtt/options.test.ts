import { expect, test } from 'vitest';
import { splitLogin } from '../../../src/adapters/mqtt/options.js';

test.each([
  ['mqtt://hub:1883', 'mqtt://hub:1883', {}],
  ['mqtt://ha@hub', 'mqtt://hub', { username: 'ha' }],
  ['mqtt://ha:50%25off@hub', 'mqtt://hub', { username: 'ha', password: '50%off' }],
  ['mqtts://a%40b:c%3Ad%3Ae@hub:8883', 'mqtts://hub:8883', { username: 'a@b', password: 'c:d:e' }],
  ['ws://ha:p@hub/mqtt?token=t', 'ws://hub/mqtt?token=t', { username: 'ha', password: 'p' }],
])('%s is the address %s and a login', (url, address, login) => {
  expect(splitLogin(url)).toEqual({ url: address, login });
});
