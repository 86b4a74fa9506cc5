import { expect, test } from 'vitest';
import { readTruth } from '../../../src/domain/replay/clip-labels.js';

test('labelled frames become periods in seconds', () => {
  const csv = 'frame,occupied,near_boundary\n0,0,0\n1,1,0\n2,1,1\n3,,0\n4,0,0\n5,1,0\n';
  expect(readTruth(csv, 2)).toEqual([
    { from: 0.5, to: 1.5 },
    { from: 2.5, to: 3 },
  ]);
});

test('a file without these columns has no labels', () => expect(readTruth('a,b\n1,2\n', 25)).toBeUndefined());
