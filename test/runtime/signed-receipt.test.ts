import { createHmac } from 'node:crypto';
import fc from '../support/fast-check.js';
import { expect, test } from 'vitest';
import { snapshotReceipt } from '../../src/domain/contract/payloads.js';
import { isSignedDocument, signReceipt } from '../../src/runtime/signed-receipt.js';
import { verifySignedUrl } from '../../src/runtime/signed-url.js';
import { announceAgain, makeReceipt, testSecret } from '../support/receipt.js';

const receipt = makeReceipt(Buffer.from('picture'), 'http://pi.local:8080');

test('the signature is the HMAC-SHA-256 of all other members, sorted by name, without white space', () => {
  const { signature, ...others } = receipt;
  const sorted = Object.fromEntries(Object.entries(others).toSorted(([one], [other]) => (one < other ? -1 : 1)));
  expect(signature).toBe(createHmac('sha256', testSecret).update(JSON.stringify(sorted)).digest('hex'));
  expect(isSignedDocument(receipt, testSecret)).toBe(true);
  expect(isSignedDocument(receipt, 'another secret')).toBe(false);
  expect(snapshotReceipt.parse(receipt)).toEqual(receipt);
});

test('published again with another address, secret or time, the receipt and its URL are signed anew', () => {
  const again = announceAgain(receipt, 'https://new.host/kitchen', 9000.5, 'a new secret');
  expect(again.url).toMatch(/^https:\/\/new\.host\/kitchen\/snapshots\/.*\?expires=9000&/);
  expect(verifySignedUrl(again.url, 'a new secret', 9000)).toBe('ok');
  expect(isSignedDocument(again, 'a new secret')).toBe(true);
});

test('no change of any member, no member more and none less passes', () => {
  const names = fc.constantFrom(...Object.keys(receipt), 'extra', '__proto__');
  fc.assert(
    fc.property(names, fc.option(fc.jsonValue(), { nil: undefined }), (name, value) => {
      const text = JSON.stringify({ ...receipt, [name]: value });
      fc.pre(text !== JSON.stringify(receipt));
      expect(isSignedDocument(JSON.parse(text) as Record<string, unknown>, testSecret)).toBe(false);
    }),
    { numRuns: 2000 },
  );
});

test('of 10,000 mixtures of two true receipts none passes', () => {
  const other = makeReceipt(Buffer.from('another'), 'http://pi.local:8080', { room: 'hall' });
  const members = Object.keys(receipt) as (keyof typeof receipt)[];
  fc.assert(
    fc.property(fc.subarray(members, { minLength: 1, maxLength: members.length - 1 }), (taken) => {
      const mixed = { ...receipt, ...Object.fromEntries(taken.map((name) => [name, other[name]])) };
      const text = JSON.stringify(mixed);
      fc.pre(text !== JSON.stringify(receipt) && JSON.stringify({ ...other, ...mixed }) !== JSON.stringify(other));
      expect(isSignedDocument(mixed, testSecret)).toBe(false);
    }),
    { numRuns: 10_000 },
  );
});

test('a document nested too deeply is not signed', () => {
  const deep = JSON.parse('['.repeat(50_000) + ']'.repeat(50_000)) as unknown;
  expect(isSignedDocument({ deep, signature: '0'.repeat(64) }, testSecret)).toBe(false);
  expect(
    isSignedDocument({ ...signReceipt(receipt, { publicUrl: '', secret: 'x', expires: 1 }), signature: 1 }, 'x'),
  ).toBe(false);
});
