import { expect, test } from 'vitest';
import { isMasked } from '../../../src/domain/recognition/masked.js';

const left = [
  [0, 0],
  [0.5, 0],
  [0.5, 1],
  [0, 1],
] as const;
const triangle = [
  [0.6, 0.1],
  [0.9, 0.1],
  [0.6, 0.9],
] as const;

const cases = [
  ['nothing is masked without masks', 0.2, [], false],
  ['a box whose centre is in the mask', 0.2, [left], true],
  ['a box beside it', 0.7, [left], false],
  ['a second mask', 0.55, [left, triangle], true],
  ['a box beside the slanted side', 0.8, [left, triangle], false],
] as const;

test.each(cases)('%s', (_, x, masks, masked) =>
  expect(isMasked({ x, y: 0.4, width: 0.1, height: 0.2 }, masks)).toBe(masked),
);
