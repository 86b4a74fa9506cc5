import { expect, test } from 'vitest';
import { WHOLE } from '../../../src/domain/recognition/boxes.js';
import type { Detection } from '../../../src/domain/recognition/detection.js';
import {
  isFurniture,
  isSettled,
  learnFurniture,
  settle,
  type Furniture,
} from '../../../src/domain/recognition/furniture.js';
import type { Place } from '../../../src/domain/recognition/places.js';

const stand: Detection = { x: 0.1, y: 0.2, width: 0.1, height: 0.5, label: 'person', score: 0.5 };
const look = { at: 0, crop: WHOLE, detections: [] };
const learn = (furniture: readonly Furniture[], ...scores: readonly number[]) =>
  scores.reduce((known, score) => learnFurniture(known, look, score > 0 ? [{ ...stand, score }] : []), furniture);

const cases = [
  ['seen once it may be somebody', [0.5], 0.5, false],
  ['seen twice in an empty room it is furniture', [0.5, 0.4], 0.5, true],
  ['somebody before it scores higher', [0.5, 0.4], 0.8, false],
  ['it is forgotten where it is taken away', [0.5, 0.5, 0, 0, 0, 0, 0, 0], 0.5, false],
] as const;

test.each(cases)('%s', (_, scores, score, furniture) => {
  expect(isFurniture(learn([], ...scores), { ...stand, score })).toBe(furniture);
});

test('another label or another place is not furniture', () => {
  const known = learn([], 0.5, 0.5);
  expect(isFurniture(known, { ...stand, label: 'dog' })).toBe(false);
  expect(isFurniture(known, { ...stand, x: 0.5 })).toBe(false);
});

const place: Place = {
  ...stand,
  evidence: 1,
  faintEvidence: 1,
  looks: 9,
  foundIn: [100, 60],
  foundAt: 0,
  lastFoundAt: 0,
  movedAt: -Infinity,
  recognised: true,
  vainLooks: 0,
};

const settling = [
  ['after ten minutes it may be somebody', place, 600, false],
  ['after fifteen without any motion it is a thing', place, 901, true],
  ['somebody who came in is held for hours', { ...place, movedAt: 0 }, 901, false],
  ['though not for ever', { ...place, movedAt: 0 }, 7201, true],
  ['who was never recognised holds nothing', { ...place, recognised: false }, 901, false],
] as const;

test.each(settling)('%s', (_, still, at, settled) => {
  const { places, furniture } = settle([still], [], at);
  expect(places).toHaveLength(settled ? 0 : 1);
  expect(isSettled(furniture, stand)).toBe(settled);
});
