import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readReceipt } from '../../../src/domain/uploads/read-receipt.js';
import { canonicalJson } from '../../../src/domain/contract/canonical-json.js';
import { hmacOf } from '../../../src/runtime/hmac.js';
import { isSignedDocument } from '../../../src/runtime/signed-receipt.js';
import { makeReceipt, testSecret } from '../../support/receipt.js';

const good = makeReceipt(Buffer.from('picture'), 'http://pi.local:8080');
const isSigned = (document: Readonly<Record<string, unknown>>) => isSignedDocument(document, testSecret);
const sign = ({ signature: _, ...others }: Partial<typeof good>) => {
  return { ...others, signature: hmacOf(canonicalJson(others), testSecret) };
};
const read = (receipt: unknown, topic = 'roomwatch/kitchen/snapshot') =>
  readReceipt(
    'roomwatch',
    { topic, payload: typeof receipt === 'string' ? receipt : JSON.stringify(receipt) },
    isSigned,
  );

test('our own receipt is accepted as it is', () => expect(read(good)).toEqual(good));

test('a receipt whose URL has expired is still accepted: the detector decides', () => {
  const old = makeReceipt(Buffer.from('x'), 'http://pi.local', { expires: 5 });
  expect(read(old)).toEqual(old);
});

const told = { id: good.id, room: 'kitchen', taken_at: good.taken_at };
const stray = makeReceipt(Buffer.from('another'), 'http://pi.local:8080');
const cases = [
  ['no JSON', 'hello', undefined, 'bad_receipt', undefined],
  ['other JSON', '[1]', undefined, 'bad_receipt', undefined],
  ['JSON nested too deeply', '{"a":'.repeat(20_000) + '1' + '}'.repeat(20_000), undefined, 'bad_receipt', undefined],
  ['a receipt of version 0.1', { ...good, signature: undefined }, undefined, 'bad_receipt', undefined],
  ['a true URL under an invented id', { ...good, id: stray.id }, undefined, 'secret_differs', undefined],
  ['a true URL in an invented room', { ...good, room: 'hall' }, 'roomwatch/hall/snapshot', 'secret_differs', undefined],
  [
    'a true URL with an invented time',
    { ...good, taken_at: '2020-01-01T00:00:00.000Z' },
    undefined,
    'secret_differs',
    undefined,
  ],
  ['a true URL with a wrong hash', { ...good, sha256: 'a'.repeat(64) }, undefined, 'secret_differs', undefined],
  ['a true URL with a wrong size', { ...good, bytes: 1 }, undefined, 'secret_differs', undefined],
  ['the URL of another receipt', { ...good, url: stray.url }, undefined, 'secret_differs', undefined],
  [
    'a URL to another host',
    { ...good, url: good.url.replace('pi.local', 'bank') },
    undefined,
    'secret_differs',
    undefined,
  ],
  [
    'a receipt of another secret',
    makeReceipt(Buffer.from('x'), 'http://pi', { secret: 'other' }),
    undefined,
    'secret_differs',
    undefined,
  ],
  ['a signed document with an unknown member', sign({ ...good, extra: 1 } as never), undefined, 'bad_receipt', told],
  ['a signed receipt of an empty picture', sign({ ...good, bytes: 0 }), undefined, 'bad_receipt', told],
  ['a signed receipt of a huge picture', sign({ ...good, bytes: 1e9 }), undefined, 'too_large', told],
  ['a signed URL of another scheme', sign({ ...good, url: 'file:///etc/passwd' }), undefined, 'bad_receipt', told],
  ['another room than that of its topic', good, 'roomwatch/hall/snapshot', 'bad_receipt', undefined],
  ['a topic one level too deep', good, 'roomwatch/kitchen/snapshot/x', 'bad_receipt', undefined],
  [
    'a room with a path',
    sign({ ...good, room: '../kitchen' }),
    'roomwatch/../kitchen/snapshot',
    'bad_receipt',
    undefined,
  ],
  [
    'the room of uploaders',
    sign({ ...good, room: 'uploaders' }),
    'roomwatch/uploaders/snapshot',
    'bad_receipt',
    undefined,
  ],
  ['a message that is too long', `"${'x'.repeat(200_000)}"`, undefined, 'bad_receipt', undefined],
] as const;
test.each(cases)('%s is refused', (_, receipt, topic, code, about) => {
  expect(read(receipt, topic)).toMatchObject({ kind: 'bad', code, about });
});

test('no generated message is accepted, and none makes it throw', () => {
  const member = fc.constantFrom(...Object.keys(good));
  const mutated = fc.tuple(member, fc.jsonValue()).map(([name, value]) => JSON.stringify({ ...good, [name]: value }));
  const anything = fc.oneof(mutated, fc.json(), fc.string({ unit: 'binary' }));
  fc.assert(
    fc.property(anything, (payload) => {
      const found = read(payload);
      if (!('kind' in found)) expect(found).toEqual(good);
      else expect(found.about).toBeUndefined();
    }),
    { numRuns: 2000 },
  );
});
