import { expect, test } from 'vitest';
import { WHOLE } from '../../../src/domain/recognition/boxes.js';
import type { Detection } from '../../../src/domain/recognition/detection.js';
import { observePlaces, samePlace, shows, type Place } from '../../../src/domain/recognition/places.js';

const desk = { x: 0.3, y: 0.3, width: 0.2, height: 0.4 };
const CLOSE = { x: 0.2, y: 0.2, width: 0.5, height: 0.6 };
const TILE = { x: 0, y: 0, width: 0.6, height: 0.8 };
const CROPS = [WHOLE, TILE, CLOSE];
const never = () => -Infinity;

/** The place after looks with these scores, in crops of three sizes in turn; 0 finds nobody. */
function watch(scores: readonly number[], movedAt: () => number = never, before: readonly Place[] = []) {
  return scores.reduce((places, score, n) => {
    const found: Detection[] = score > 0 ? [{ ...desk, label: 'person', score }] : [];
    return observePlaces(places, { at: n, crop: CROPS[n % 3]!, detections: found }, found, movedAt);
  }, before);
}

const cases = [
  ['one look, however sure, recognises nobody', [0.99], false],
  ['two sure looks at two sizes do', [0.9, 0.9], true],
  ['two less sure ones do not', [0.6, 0.6], false],
  ['several do', [0.6, 0.6, 0.6], true],
  ['doubtful looks of a still place never do', Array<number>(20).fill(0.28), false],
  ['faint looks, as even at every size as those of a sleeper, do in time', Array<number>(8).fill(0.38), true],
  ['a few of them do not', Array<number>(4).fill(0.38), false],
  [
    'what looks like somebody at one size, and a little at another, does not',
    [0.64, 0.35, 0.1, 0.64, 0.35, 0.1, 0.64, 0.35],
    false,
  ],
  ['what looks like somebody at one size only does not', [0.6, 0.1, 0.14, 0.6, 0.1, 0.14, 0.6], false],
  ['somebody recognised is held by doubtful looks', [0.9, 0.9, ...Array<number>(20).fill(0.3)], true],
  ['somebody who has left is given up', [0.9, 0.9, 0, 0, 0, 0], false],
] as const;

test.each(cases)('%s', (_, scores, recognised) => {
  expect(watch(scores).some((place) => place.recognised)).toBe(recognised);
});

test('doubtful looks recognise somebody where something moved', () => {
  expect(watch(Array<number>(8).fill(0.43), () => 0).some((place) => place.recognised)).toBe(true);
});

test('two looks at one size are not enough', () => {
  const found: Detection[] = [{ ...desk, label: 'person', score: 0.9 }];
  const look = { at: 0, crop: WHOLE, detections: found };
  const places = observePlaces(observePlaces([], look, found, never), look, found, never);
  expect(places[0]!.recognised).toBe(false);
});

test('a look elsewhere says nothing about a place', () => {
  const [before] = watch([0.9]);
  const elsewhere = { at: 9, crop: { x: 0.6, y: 0.6, width: 0.4, height: 0.4 }, detections: [] };
  expect(observePlaces([before!], elsewhere, [], never)[0]!.evidence).toBe(before!.evidence);
});

test('a place that is missed again and again is forgotten', () => {
  expect(watch([0.3, 0, 0])).toEqual([]);
});

test('a box that grew is the same place, one beside it is another', () => {
  expect(samePlace(desk, { ...desk, height: 0.55 })).toBe(true);
  expect(samePlace(desk, { ...desk, x: 0.55 })).toBe(false);
});

test('a place is shown where it is inside the crop and not tiny in it', () => {
  expect(shows(TILE, desk)).toBe(true);
  expect(shows(WHOLE, { x: 0.5, y: 0.5, width: 0.05, height: 0.1 })).toBe(false);
  expect(shows({ x: 0.4, y: 0, width: 0.6, height: 1 }, desk)).toBe(false);
});
