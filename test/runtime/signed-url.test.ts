import { createHmac } from 'node:crypto';
import fc from '../support/fast-check.js';
import { expect, test } from 'vitest';
import { signUrl, verifySignedUrl } from '../../src/runtime/signed-url.js';

const file = '0193b3a0-0000-7000-8000-000000000000.jpg';
const origin = 'http://pi.local:8080';
const path = `/snapshots/${file}`;

test('the signature is the HMAC-SHA-256 of path and query before it', () => {
  const url = signUrl(origin, file, 'secret', 2000.9);
  const mac = createHmac('sha256', 'secret').update(`${path}?expires=2000`).digest('hex');
  expect(url).toBe(`${origin}${path}?expires=2000&signature=${mac}`);
});

const good = signUrl(origin, file, 'secret', 2000);
const cases = [
  ['as signed', good, 'secret', 1999, 'ok'],
  ['in its last second', good, 'secret', 2000, 'ok'],
  ['after that', good, 'secret', 2001, 'expired'],
  ['with another secret', good, 'other', 1999, 'forged'],
  ['at another host and port', good.replace('pi.local:8080', '192.0.2.1'), 'secret', 1999, 'ok'],
  ['below a path that a proxy removes', good.replace(origin, 'https://pi.local/kitchen'), 'secret', 1999, 'ok'],
  ['without host and port, as a detector receives it', good.slice(origin.length), 'secret', 1999, 'ok'],
  ['for another picture', good.replace('0193b3a0', '0193b3a1'), 'secret', 1999, 'forged'],
  ['for another path', good.replace('/snapshots/', '/api/snapshots/../'), 'secret', 1999, 'forged'],
  ['with its life prolonged', good.replace('2000', '9000'), 'secret', 1999, 'forged'],
  ['with more behind the signature', `${good}&signature=${'0'.repeat(64)}`, 'secret', 1999, 'forged'],
  ['in capitals', good.toUpperCase(), 'secret', 1999, 'forged'],
  ['without a signature', origin + path, 'secret', 1999, 'forged'],
  ['an old forgery', good.replace('0193b3a0', '0193b3a1'), 'secret', 9999, 'forged'],
] as const;
test.each(cases)('%s', (_, url, secret, now, verdict) => {
  expect(verifySignedUrl(url, secret, now)).toBe(verdict);
});

test('no change of one character passes', () => {
  const position = fc.integer({ min: origin.length, max: good.length - 1 });
  fc.assert(
    fc.property(position, fc.string({ minLength: 1, maxLength: 1, unit: 'binary' }), (at, char) => {
      const changed = good.slice(0, at) + char + good.slice(at + 1);
      fc.pre(changed !== good);
      expect(verifySignedUrl(changed, 'secret', 0)).toBe('forged');
    }),
    { numRuns: 300 },
  );
});
