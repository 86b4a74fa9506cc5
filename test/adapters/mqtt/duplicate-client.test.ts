import { expect, test } from 'vitest';
import { type ConnectionEnd, neverOpened } from '../../../src/adapters/mqtt/connection.js';
import { createDuplicateDetector } from '../../../src/adapters/mqtt/duplicate-client.js';

const availabilityTopic = 'base/kitchen/availability';

/** A connection: how it ended, which process had left an availability message for it, and whether our own did not arrive. */
type Past = ConnectionEnd & { readonly left?: string; readonly mute?: boolean };

const quiet: Past = { ...neverOpened(undefined), opened: true, openSeconds: 1 };
const refusing: Past = { ...quiet, unanswered: [{ topic: 'base/kitchen/motion', bytes: 9, once: false }] };
const foreign: Past = { ...quiet, left: 'another' };
const mute: Past = { ...foreign, mute: true };
const own: Past = { ...quiet, left: 'this' };
const takenOver: Past = { ...quiet, takenOver: true };
const cut: Past = { ...quiet, cause: new Error('read ECONNRESET') };
const away: Past = { ...quiet, opened: false, openSeconds: 0 };
const long: Past = { ...quiet, openSeconds: 61 };
const times = (count: number, past: Past) => Array.from({ length: count }, () => past);

const cases = [
  ['a broker that restarts again and again is no duplicate', 5, [cut, ...times(20, quiet)], 'no'],
  ['a message left before the first connection may be our own', 5, times(2, foreign), 'no'],
  ['nor is one of an earlier run, as long as ours do not arrive', 5, times(20, mute), 'no'],
  ['one message of another process proves nothing', 5, [cut, foreign], 'no'],
  ['nor do messages of this process', 5, [cut, ...times(9, own)], 'no'],
  ['two connections that find one are suspicious', 5, [cut, ...times(2, foreign)], 'suspected'],
  ['four in a row are certain', 5, [cut, ...times(4, foreign)], 'certain'],
  ['not if a connection between them finds none', 5, [cut, ...times(3, foreign), quiet, foreign], 'no'],
  ['the broker may say it itself', 5, times(4, takenOver), 'certain'],
  ['a long-lived process lets the other one give up first', 5, [long, ...times(4, foreign)], 'suspected'],
  ['but not for ever', 5, [long, ...times(12, foreign)], 'certain'],
  ['3.1.1: a few quiet ends prove nothing', '3.1.1', times(3, quiet), 'no'],
  ['3.1.1: eight in a row do', '3.1.1', times(8, quiet), 'certain'],
  ['3.1.1: connections cut by an error do not count', '3.1.1', [...times(7, quiet), cut], 'no'],
  ['3.1.1: nor do ends that leave a message unanswered', '3.1.1', times(20, refusing), 'no'],
  ['3.1.1: which do not hide a duplicate either', '3.1.1', [...times(7, quiet), refusing, quiet], 'certain'],
  ['3.1.1: nor does a broker that was away', '3.1.1', [...times(7, quiet), away, quiet], 'no'],
  ['3.1.1: nor do ends that are hours apart', '3.1.1', [...times(7, quiet), long], 'no'],
] as const;
test.each(cases)('%s', (_, protocol, past, certainty) => {
  const duplicates = createDuplicateDetector({ protocol, availabilityTopic, instance: 'this' });
  const verdicts = past.map(({ left, mute, ...end }) => {
    duplicates.opened();
    if (left !== undefined) duplicates.received({ topic: availabilityTopic, retain: true, instance: left });
    if (!mute) duplicates.received({ topic: availabilityTopic, retain: false, instance: 'this' });
    return duplicates.ended(end);
  });
  expect(verdicts.at(-1)).toBe(certainty);
});
