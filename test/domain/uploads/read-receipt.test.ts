import fc from '../../support/fast-check.js';
import { expect, test } from 'vitest';
import { readReceipt } from '../../../src/domain/uploads/read-receipt.js';
import { canonicalJson } from '../../../src/domain/contract/canonical-json.js';
import { hmacOf } from '../../../src/runtime/hmac.js';
import { isSignedDocument } from '../../../src/runtime/signed-receipt.js';
import { createRandom, type Random } from '../../chaos/random.js';
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

test('a receipt of version 0.1, which has no signature, is refused with what to do', () => {
  const message = expect.stringContaining('upgrade the detector, too') as string;
  expect(read({ ...good, signature: undefined })).toMatchObject({ code: 'bad_receipt', message });
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

const command = makeReceipt(Buffer.from('by command'), 'http://pi.local:8080');

test('a receipt with a number beyond all numbers in place of null is forged', () => {
  expect(command.visit).toBeNull();
  expect(read(JSON.stringify(command).replace('"visit":null', '"visit":1e999'))).toMatchObject({ about: undefined });
});

/** Spoils the text of a receipt in a way that a forger might try. */
function forge(random: Random, receipts: readonly (typeof good)[]): string {
  const [one, other] = [random.pick(receipts), random.pick(receipts)];
  const name = random.pick(Object.keys(one)) as keyof typeof good;
  const text = JSON.stringify(one);
  const at = Math.floor(random.next() * text.length);
  const forgeries: readonly (() => string)[] = [
    () => JSON.stringify({ ...one, [name]: other[name] }),
    () => JSON.stringify({ ...one, url: other.url, signature: other.signature }),
    () => `${text.slice(0, at)}${random.pick([...'0:",{}[] 9fe-\\', '1e999', 'null'])}${text.slice(at + 1)}`,
    () => text.replace(/\bnull\b|\b\d+\b/g, (value) => (random.next() < 0.2 ? '1e999' : value)),
    () => `${text.slice(0, -1)},${JSON.stringify(name)}:${JSON.stringify(other[name])}}`,
    () => `{${JSON.stringify(name)}:${JSON.stringify(other[name])},${text.slice(1)}`,
    () => JSON.stringify({ ...one, signature: one.signature.toUpperCase() }),
    () => JSON.stringify(Object.fromEntries(Object.entries(one).reverse())),
    () => JSON.stringify({ ...one, ['__proto__' as string]: other }),
    () => JSON.stringify([one, other]),
    () => text,
  ];
  return random.pick(forgeries)();
}

test('of 10,000 forged, mixed and replayed receipts, only true ones are accepted, and none of the others ends a snapshot', () => {
  const receipts = Array.from({ length: 20 }, (_, n) => makeReceipt(Buffer.from(`picture ${n}`), 'http://pi.local'));
  const seed = Number(process.env['SEED'] ?? 15);
  const random = createRandom(seed);
  let accepted = 0;
  for (let n = 0; n < 10_000; n++) {
    const payload = forge(random, receipts);
    const found = read(payload);
    if ('kind' in found) expect(found.about, `seed ${seed}: ${payload}`).toBeUndefined();
    else expect(receipts, `seed ${seed}: ${payload}`).toContainEqual(found);
    if (!('kind' in found)) accepted += 1;
  }
  expect(accepted).toBeGreaterThan(500);
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
