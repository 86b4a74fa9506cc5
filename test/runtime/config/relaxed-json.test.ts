import { expect, test } from 'vitest';
import { looksLikeJson, withoutJsonComments } from '../../../src/runtime/config/relaxed-json.js';

test.each([
  ['{', true],
  ['\n // mine\n # yours\n /* ours */ {"a": 1}', true],
  ['room: hall', false],
  ['# only a comment\nroom: {}', false],
  ['', false],
])('%j looks like JSON: %s', (text, expected) => {
  expect(looksLikeJson(text)).toBe(expected);
});

test('it is fast for any number of comments', () => {
  expect(looksLikeJson('/* */'.repeat(20_000))).toBe(false);
});

test.each([
  ['{"a": 1, // one\n"b": 2}', '{"a": 1,       \n"b": 2}'],
  ['{"a": 1 /* one\n */ }', '{"a": 1       \n    }'],
  ['{"a": 1,# one\n}', '{"a": 1,     \n}'],
  ['{"a": "// no", "b": "x # no", "c": "\\"// no"}', undefined],
  ["{a: 'b // no', c: mqtt://host}", undefined],
])('%j', (text, expected) => {
  expect(withoutJsonComments(text)).toBe(expected ?? text);
});
