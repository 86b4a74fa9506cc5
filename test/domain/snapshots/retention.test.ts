import { expect, test } from 'vitest';
import { chooseRemovals } from '../../../src/domain/snapshots/retention.js';

const rule = { keepSeconds: 100, maxBytes: 1000, freeBytes: 5000, minFreeBytes: 500 };
const snapshot = (id: string, takenAt: number, settled: boolean, bytes = 100) => ({ id, takenAt, settled, bytes });

const cases = [
  ['removes nothing within the limits', [snapshot('a', 950, true)], {}, [], []],
  [
    'removes settled snapshots that are old enough',
    [snapshot('a', 900, true), snapshot('b', 901, true)],
    {},
    ['a'],
    [],
  ],
  ['age alone never removes a snapshot that is still to be uploaded', [snapshot('a', 1, false)], {}, [], []],
  [
    'over the limit, the oldest settled snapshots go first',
    [snapshot('a', 950, false, 600), snapshot('b', 960, true, 300), snapshot('c', 970, true, 300)],
    {},
    ['b'],
    [],
  ],
  [
    'then the oldest of the others are forced out',
    [snapshot('a', 950, false, 600), snapshot('b', 960, true, 300), snapshot('c', 970, false, 600)],
    {},
    ['b'],
    ['a'],
  ],
  [
    'a disk that fills up has the same effect as the limit',
    [snapshot('a', 950, true), snapshot('b', 960, true), snapshot('c', 970, false)],
    { freeBytes: 350 },
    ['a', 'b'],
    [],
  ],
  [
    'but removes no snapshot that is still to be uploaded',
    [snapshot('a', 950, true), snapshot('b', 960, false)],
    { freeBytes: 0 },
    ['a'],
    [],
  ],
] as const;

test.each(cases)('%s', (_, kept, limits, settled, forced) =>
  expect(chooseRemovals(kept, 1000, { ...rule, ...limits })).toEqual({ settled, forced }),
);
