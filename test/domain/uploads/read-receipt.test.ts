import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readReceipt } from '../../../src/domain/uploads/read-receipt.js';
import { verifySignedUrl } from '../../../src/runtime/signed-url.js';
import { makeReceipt, testSecret } from '../../support/receipt.js';

const good = makeReceipt(Buffer.from('picture'), 'http://pi.local:8080');
const isSigned = (url: string) => verifySignedUrl(url, testSecret, Date.now() / 1000) !== 'forged';
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
const cases = [
  ['no JSON', 'hello', undefined, 'bad_receipt', undefined],
  ['other JSON', '[1]', undefined, 'bad_receipt', undefined],
  ['an additional member', { ...good, extra: 1 }, undefined, 'bad_receipt', told],
  ['an empty picture', { ...good, bytes: 0 }, undefined, 'bad_receipt', told],
  ['a huge picture', { ...good, bytes: 1e9 }, undefined, 'too_large', told],
  ['a URL of another scheme', { ...good, url: 'file:///etc/passwd' }, undefined, 'bad_receipt', told],
  ['a URL to another host', { ...good, url: good.url.replace('pi.local', 'bank') }, undefined, 'bad_signature', told],
  ['another room than that of its topic', good, 'roomwatch/hall/snapshot', 'bad_receipt', undefined],
  ['a topic one level too deep', good, 'roomwatch/kitchen/snapshot/x', 'bad_receipt', undefined],
  ['a room with a path', { ...good, room: '../kitchen' }, 'roomwatch/../kitchen/snapshot', 'bad_receipt', undefined],
  ['the room of uploaders', { ...good, room: 'uploaders' }, 'roomwatch/uploaders/snapshot', 'bad_receipt', undefined],
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
      if (!('kind' in found)) expect(found.url).toBe(good.url);
    }),
    { numRuns: 2000 },
  );
});
