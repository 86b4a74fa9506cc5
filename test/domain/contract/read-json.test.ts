import { expect, test } from 'vitest';
import { parseJson, parseJsonObject } from '../../../src/domain/contract/read-json.js';

const cases = [
  ['an object', '{"a":1}', { a: 1 }, { a: 1 }],
  ['null', 'null', null, {}],
  ['a number', '5', 5, {}],
  ['text that is not JSON', '{"a":', undefined, {}],
  ['empty text', '', undefined, {}],
] as const;

test.each(cases)('parses %s', (_, text, value, members) => {
  expect(parseJson(text)).toEqual(value);
  expect(parseJsonObject(text)).toEqual(members);
});
