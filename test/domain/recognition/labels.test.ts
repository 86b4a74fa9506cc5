import { expect, test } from 'vitest';
import {
  LABELS,
  isAnything,
  movesByItself,
  occupantLabels,
  type Occupant,
} from '../../../src/domain/recognition/labels.js';

const cases: [string, Occupant[], string[]][] = [
  ['a person', ['person'], ['person']],
  ['vehicles are seven labels', ['vehicle'], ['bicycle', 'car', 'motorcycle', 'bus', 'train', 'truck', 'boat']],
  ['a label by itself and a group', ['cat', 'person'], ['cat', 'person']],
  ['animals are seven labels', ['animal'], ['bird', 'cat', 'dog', 'horse', 'sheep', 'cow', 'bear']],
  ['anything is no label', ['anything'], []],
];

test.each(cases)('%s', (_, occupiedBy, labels) => {
  expect([...occupantLabels(occupiedBy)]).toEqual(labels);
});

test('anything is told apart from labels', () => {
  expect(isAnything(['person', 'anything'])).toBe(true);
  expect(isAnything(['person'])).toBe(false);
});

test('every label is named once, and furniture does not move', () => {
  expect(new Set(LABELS).size).toBe(LABELS.length);
  expect(LABELS.filter((label) => !movesByItself(label))).toContain('chair');
  expect(movesByItself('dog')).toBe(true);
});
