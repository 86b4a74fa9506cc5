import { expect, test } from 'vitest';
import { describeRecognised, describeRegion } from '../../../src/domain/recognition/describe-regions.js';

const box = { x: 0.1, y: 0.1, width: 0.2, height: 0.4 };
const person = { ...box, label: 'person', score: 0.8249 };
const cat = { ...box, label: 'cat', score: 0.71 };
const dog = { ...box, label: 'dog', score: 0.4 };

test.each([
  ['nothing', [], undefined],
  ['motion that was not recognised', [box], undefined],
  ['somebody', [person], 'person'],
  ['somebody with a cat', [box, cat, person], 'person'],
  ['two people', [person, person, dog], '2 people'],
  ['a cat', [box, cat], 'cat 0.71'],
  ['a dog and a likelier cat', [dog, cat], 'cat 0.71'],
])('a picture of %s', (_, regions, text) => {
  expect(describeRecognised(regions)).toBe(text);
});

test('a box is named with its label and score', () => {
  expect([box, person, { ...box, label: 'dog' }].map(describeRegion)).toEqual([undefined, 'person 0.82', 'dog']);
});
