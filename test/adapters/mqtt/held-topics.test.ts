import { expect, test } from 'vitest';
import { type ConnectionEnd, neverOpened } from '../../../src/adapters/mqtt/connection.js';
import { createHeldTopics } from '../../../src/adapters/mqtt/held-topics.js';

const at = (topic: string, extra: Partial<ConnectionEnd> = {}): ConnectionEnd => ({
  ...{ ...neverOpened(undefined), opened: true, openSeconds: 1, oneByOne: true },
  unanswered: [{ topic, bytes: 9, once: false }],
  ...extra,
});
const first = at('door', { oneByOne: false });
const quiet = at('', { unanswered: [] });
const picture = at('door', { unanswered: [{ topic: 'door', bytes: 50_000, once: true }] });

const cases = [
  ['the first end only begins the search', [first], false],
  ['two ends at the same message find it', [first, at('door'), at('door')], true],
  ['two ends at different messages do not', [first, at('window'), at('door')], false],
  ['a connection that lasted proves nothing', [first, at('door'), at('door', { openSeconds: 60 })], false],
  ['unless nothing was answered on it', [first, at('door'), at('door', { openSeconds: 31, silent: true })], true],
  ['an end without an open question ends the search', [first, at('door'), quiet, at('door')], false],
  ['a broker that was away does not', [first, at('door'), neverOpened(new Error('refused')), at('door')], true],
  ['a picture is not forbidden but too large', [first, picture, picture], false],
] as const;

test.each(cases)('%s', (_, ends, isHeld) => {
  const held = createHeldTopics(() => 1000);
  for (const end of ends) held.ended(end);
  expect(held.refuse('door') !== undefined).toBe(isHeld);
});

test('a topic is tried again after one to ten minutes', () => {
  let now = 0;
  const held = createHeldTopics(() => now);
  const find = () => [first, at('door'), at('door')].forEach(held.ended);
  find();
  expect(held.refuse('window')).toBeUndefined();
  now = 61;
  expect(held.refuse('door')).toBeUndefined();
  for (let times = 0; times < 9; times += 1) find();
  now += 299;
  expect(held.refuse('door')).toBeDefined();
  now += 302;
  expect(held.refuse('door')).toBeUndefined();
});
