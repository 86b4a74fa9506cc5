import { expect, test } from 'vitest';
import { intersection, iou, overlap, shareWithin } from '../../../src/domain/recognition/boxes.js';

const box = (x: number, y: number, width: number, height: number) => ({ x, y, width, height });

const cases = [
  ['the same box', box(0, 0, 0.4, 0.4), box(0, 0, 0.4, 0.4), 0.16, 1, 1, 1],
  ['half of each', box(0, 0, 0.4, 0.4), box(0.2, 0, 0.4, 0.4), 0.08, 1 / 3, 0.5, 0.5],
  ['one within the other', box(0, 0, 1, 1), box(0.2, 0.2, 0.5, 0.5), 0.25, 0.25, 0.25, 1],
  ['side by side', box(0, 0, 0.5, 1), box(0.5, 0, 0.5, 1), 0, 0, 0, 0],
  ['an empty one', box(0, 0, 0, 0), box(0, 0, 1, 1), 0, 0, 0, 0],
] as const;

test.each(cases)('%s', (_, one, other, common, ofUnion, ofFirst, ofSmaller) => {
  expect(intersection(one, other)).toBeCloseTo(common);
  expect(iou(one, other)).toBeCloseTo(ofUnion);
  expect(shareWithin(one, other)).toBeCloseTo(ofFirst);
  expect(overlap(one, other)).toBeCloseTo(ofSmaller);
});
