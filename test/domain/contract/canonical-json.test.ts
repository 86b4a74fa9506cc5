import fc from '../../support/fast-check.js';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../../src/domain/contract/canonical-json.js';

const cases = [
  [
    'members sorted by name, at every level',
    { b: { d: 1, c: [{ f: 1, e: 2 }] }, a: null },
    '{"a":null,"b":{"c":[{"e":2,"f":1}],"d":1}}',
  ],
  ['names that look like numbers are sorted as text', { 9: 0, 10: 0 }, '{"10":0,"9":0}'],
  ['undefined members left out', { a: undefined, b: true }, '{"b":true}'],
  ['numbers and texts as JSON writes them', [1e21, 0.1, -0, 'é"\n'], '[1e+21,0.1,0,"é\\"\\n"]'],
] as const;
test.each(cases)('%s', (_, value, text) => expect(canonicalJson(value)).toBe(text));

test('it is JSON of the same value, and the order of the members does not matter', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }), (value) => {
      const text = canonicalJson(value);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(canonicalJson(Object.fromEntries(Object.entries(value).reverse()))).toBe(text);
    }),
  );
});
