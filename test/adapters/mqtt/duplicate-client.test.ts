import { expect, test } from 'vitest';
import { createRivalWatch } from '../../../src/adapters/mqtt/duplicate-client.js';
import type { LinkEnd } from '../../../src/adapters/mqtt/connection.js';

const quiet: LinkEnd = {
  ...{ opened: true, lasted: 1, cause: undefined, takenOver: false, foreign: false },
  doubtfulBytes: undefined,
};
const said: LinkEnd = { ...quiet, lasted: 100, takenOver: true };
const seen: LinkEnd = { ...quiet, foreign: true };
const cut: LinkEnd = { ...quiet, cause: new Error('read ECONNRESET') };
const away: LinkEnd = { ...quiet, opened: false, lasted: 0 };
const long: LinkEnd = { ...quiet, lasted: 61 };
const times = (count: number, end: LinkEnd) => Array.from({ length: count }, () => end);

const cases = [
  ['a broker that is restarted again and again is no rival', 5, times(20, quiet), 'no'],
  ['one trace of another proves nothing', 5, [seen], 'no'],
  ['two are suspicious', 5, times(2, seen), 'perhaps'],
  ['four in a row are a rival', 5, times(4, seen), 'surely'],
  ['not when a connection between them had none', 5, [...times(3, seen), quiet, seen], 'no'],
  ['the broker may say it itself', 5, times(4, said).map((end) => ({ ...end, lasted: 1 })), 'surely'],
  ['who was here long lets the other give in first', 5, [long, ...times(4, seen)], 'perhaps'],
  ['but not for ever', 5, [long, ...times(12, seen)], 'surely'],
  ['3.1.1: a few quiet ends prove nothing', '3.1.1', times(3, quiet), 'no'],
  ['3.1.1: eight in a row do', '3.1.1', times(8, quiet), 'surely'],
  ['3.1.1: cut wires are no rival', '3.1.1', [...times(7, quiet), cut], 'no'],
  ['3.1.1: nor is a broker that was away', '3.1.1', [...times(7, quiet), away, quiet], 'no'],
  ['3.1.1: nor are ends that come hours apart', '3.1.1', [...times(7, quiet), long], 'no'],
] as const;
test.each(cases)('%s', (_, protocol, ends, sure) => {
  const watch = createRivalWatch(protocol);
  expect(ends.map((end) => watch.ended(end)).at(-1)).toBe(sure);
});
