import { expect, test } from 'vitest';
import { readReceipt } from '../../../src/domain/uploads/read-receipt.js';
import { readResult } from '../../../src/domain/uploads/read-result.js';
import { isSignedDocument, signDocument } from '../../../src/runtime/signed-receipt.js';
import fc from '../../support/fast-check.js';
import { makeReceipt, makeResult, makeSignedResult, testSecret } from '../../support/receipt.js';

const receipt = makeReceipt(Buffer.from('picture'), 'http://pi.local:8080');
const isSigned = (document: Readonly<Record<string, unknown>>) => isSignedDocument(document, testSecret);
const topic = 'roomwatch/kitchen/upload';
const read = (document: unknown, at = topic) =>
  readResult('roomwatch', { topic: at, payload: JSON.stringify(document) }, isSigned);

const result = makeResult(receipt);
const signed = makeSignedResult(receipt);
const lost = { result: 'lost', path: null, content_hash: null, error: { code: 'gone', message: 'm' } } as const;

const cases = [
  ['a result of an uploader with our secret', signed, 'signed'],
  ['one without a signature', result, 'unsigned'],
  ['one of an uploader with another secret', makeSignedResult(receipt, {}, 'another secret'), 'forged'],
  ['a signature around another result', { ...signed, ...lost }, 'forged'],
  ['a signature around another snapshot', { ...signed, snapshot: makeReceipt(Buffer.from('x'), '').id }, 'forged'],
  ['the signature of the receipt', { ...result, signature: receipt.signature }, 'forged'],
  ['an empty signature', { ...result, signature: '' }, undefined],
  ['no signature where one should be', { ...result, signature: null }, undefined],
  ['a signed document of another kind', receipt, undefined],
  [
    'a signed page address',
    signDocument({ room: 'kitchen', url: 'http://pi', at: result.taken_at }, testSecret),
    undefined,
  ],
  ['a signed result with one member more', signDocument({ ...result, extra: 1 }, testSecret), undefined],
  ['a list', [signed], undefined],
] as const;
test.each(cases)('%s', (_, document, kind) => {
  expect(read(document)?.kind).toBe(kind);
});

test('a result counts only on the topic of its own room', () => {
  expect(read(signed, 'roomwatch/hall/upload')).toBeUndefined();
  expect(read(result, 'roomwatch/hall/upload')).toBeUndefined();
});

test('a signed result is no receipt', () => {
  const at = { topic: 'roomwatch/kitchen/snapshot', payload: JSON.stringify(signed) };
  expect(readReceipt('roomwatch', at, isSigned)).toMatchObject({ kind: 'bad', about: undefined });
});

test('of 10,000 forgeries of true results none counts as signed', () => {
  const other = makeSignedResult(makeReceipt(Buffer.from('another'), 'http://pi.local:8080'), lost);
  const members = Object.keys(signed) as (keyof typeof signed)[];
  const names = fc.constantFrom(...members, 'extra', '__proto__');
  const changed = fc
    .tuple(names, fc.option(fc.jsonValue(), { nil: undefined }))
    .map(([name, value]) => JSON.stringify({ ...signed, [name]: value }));
  const mixed = fc
    .subarray(members, { minLength: 1, maxLength: members.length - 1 })
    .map((taken) => JSON.stringify({ ...signed, ...Object.fromEntries(taken.map((name) => [name, other[name]])) }));
  const invented = fc
    .tuple(fc.constantFrom('uploaded', 'rejected', 'lost'), fc.stringMatching(/^[0-9a-f]{64}$/))
    .map(([result, signature]) => JSON.stringify({ ...signed, result, signature }));
  // Members in another order say the same.
  const sorted = (text: string) => JSON.stringify(Object.entries(JSON.parse(text) as object).toSorted());
  const truths = [signed, other].map((document) => sorted(JSON.stringify(document)));
  fc.assert(
    fc.property(fc.oneof(changed, mixed, invented), (payload) => {
      fc.pre(!truths.includes(sorted(payload)));
      expect(readResult('roomwatch', { topic, payload }, isSigned)?.kind).not.toBe('signed');
    }),
    { numRuns: 10_000 },
  );
});
