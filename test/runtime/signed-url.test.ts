import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { signUrl, verifySignedUrl } from '../../src/runtime/signed-url.js';

const plain = 'http://pi.local:8080/snapshots/0193b3a0-0000-7000-8000-000000000000.jpg';

test('the signature is the HMAC-SHA-256 of everything before it', () => {
  const url = signUrl(plain, 'secret', 2000);
  const mac = createHmac('sha256', 'secret').update(`${plain}?expires=2000`).digest('hex');
  expect(url).toBe(`${plain}?expires=2000&signature=${mac}`);
});

const good = signUrl(plain, 'secret', 2000);
const cases = [
  ['as signed', good, 'secret', 1999, 'ok'],
  ['in its last second', good, 'secret', 2000, 'ok'],
  ['after that', good, 'secret', 2001, 'expired'],
  ['with another secret', good, 'other', 1999, 'forged'],
  ['aimed at another host', good.replace('pi.local', 'evil.example'), 'secret', 1999, 'forged'],
  ['with its life prolonged', good.replace('2000', '9000'), 'secret', 1999, 'forged'],
  ['with more behind the signature', `${good}&signature=${'0'.repeat(64)}`, 'secret', 1999, 'forged'],
  ['in capitals', good.toUpperCase(), 'secret', 1999, 'forged'],
  ['without a signature', plain, 'secret', 1999, 'forged'],
  ['an old forgery', good.replace('pi.local', 'evil.example'), 'secret', 9999, 'forged'],
] as const;
test.each(cases)('%s', (_, url, secret, now, verdict) => {
  expect(verifySignedUrl(url, secret, now)).toBe(verdict);
});

test('no change of one character passes', () => {
  const position = fc.integer({ min: 0, max: good.length - 1 });
  fc.assert(
    fc.property(position, fc.string({ minLength: 1, maxLength: 1, unit: 'binary' }), (at, char) => {
      const changed = good.slice(0, at) + char + good.slice(at + 1);
      fc.pre(changed !== good);
      expect(verifySignedUrl(changed, 'secret', 0)).toBe('forged');
    }),
    { numRuns: 300 },
  );
});
