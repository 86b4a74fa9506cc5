import { expect, test } from 'vitest';
import { chooseRemovals } from '../../../src/domain/snapshots/retention.js';

const rule = { keepSeconds: 100, maxBytes: 1000, freeBytes: 5000, floorBytes: 500 };
const shot = (id: string, takenAt: number, settled: boolean, bytes = 100) => ({ id, takenAt, settled, bytes });

const cases = [
  ['nothing within the limits', [shot('a', 950, true)], {}, [], []],
  ['the settled of age', [shot('a', 900, true), shot('b', 901, true)], {}, ['a'], []],
  ['age alone never removes what is still to be uploaded', [shot('a', 1, false)], {}, [], []],
  [
    'over the limit the oldest settled go first',
    [shot('a', 950, false, 600), shot('b', 960, true, 300), shot('c', 970, true, 300)],
    {},
    ['b'],
    [],
  ],
  [
    'then, forced, the oldest of the others',
    [shot('a', 950, false, 600), shot('b', 960, true, 300), shot('c', 970, false, 600)],
    {},
    ['b'],
    ['a'],
  ],
  [
    'a disk that fills up counts like the limit',
    [shot('a', 950, true), shot('b', 960, true), shot('c', 970, false)],
    { freeBytes: 350 },
    ['a', 'b'],
    [],
  ],
  [
    'but takes nothing that is still to be uploaded',
    [shot('a', 950, true), shot('b', 960, false)],
    { freeBytes: 0 },
    ['a'],
    [],
  ],
] as const;

test.each(cases)('%s', (_, kept, limits, settled, forced) =>
  expect(chooseRemovals(kept, 1000, { ...rule, ...limits })).toEqual({ settled, forced }),
);
