import { expect, test } from 'vitest';
import { createRivalWatch } from '../../src/adapters/mqtt-rivals.js';
import type { LinkEnd } from '../../src/adapters/mqtt-link.js';

const taken: LinkEnd = { opened: true, lasted: 1, cause: undefined, takenOver: false, doubtfulBytes: undefined };
const said: LinkEnd = { ...taken, lasted: 100, takenOver: true };
const cut: LinkEnd = { ...taken, cause: new Error('read ECONNRESET') };
const away: LinkEnd = { ...taken, opened: false, lasted: 0 };
const long: LinkEnd = { ...taken, lasted: 61 };

const cases = [
  ['one quiet end proves nothing', [taken], 'no'],
  ['two are suspicious', [taken, taken], 'perhaps'],
  ['four in a row are a rival', [taken, taken, taken, taken], 'surely'],
  ['cut wires are none', [taken, taken, taken, cut], 'no'],
  ['nor is a broker that was away', [taken, taken, away, taken], 'no'],
  ['nor are ends that come hours apart', [taken, taken, taken, long], 'no'],
  ['who was here long lets the other give in first', [long, taken, taken, taken, taken], 'perhaps'],
  ['but not for ever', [long, ...Array.from({ length: 12 }, () => taken)], 'surely'],
  ['the broker may say it itself', [said, said, said], 'perhaps'],
] as const;
test.each(cases)('%s', (_, ends, sure) => {
  const watch = createRivalWatch();
  expect(ends.map((end) => watch.ended(end)).at(-1)).toBe(sure);
});
