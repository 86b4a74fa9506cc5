import { expect, test } from 'vitest';
import { WHOLE } from '../../../src/domain/recognition/boxes.js';
import type { Detection } from '../../../src/domain/recognition/detection.js';
import {
  labelRegions,
  peopleAtLooks,
  smoothedCount,
  updateRecent,
  type RecentDetection,
} from '../../../src/domain/recognition/recent-detections.js';

const person = (x: number, score = 0.8): Detection => ({ x, y: 0.3, width: 0.1, height: 0.4, label: 'person', score });
const look = (at: number, crop = WHOLE) => ({ at, crop, detections: [] });
const LEFT = { x: 0, y: 0, width: 0.5, height: 1 };

test('a look replaces what was known of its crop, and leaves the rest', () => {
  const two = updateRecent([], look(0), [person(0.1), person(0.7)], false);
  const left = updateRecent(two, look(1, LEFT), [person(0.3)], false);
  expect(left.map(({ x }) => x)).toEqual([0.7, 0.3]);
});

test.each([
  ['while something moves, three seconds', true, 3, 4],
  ['in a still room, forty', false, 40, 41],
] as const)('a box elsewhere is held: %s', (_, moving, held, gone) => {
  const before = updateRecent([], look(0), [person(0.7)], moving);
  expect(updateRecent(before, look(held, LEFT), [], moving)).toHaveLength(1);
  expect(updateRecent(before, look(gone, LEFT), [], moving)).toHaveLength(0);
});

test('low scores are not shown', () => {
  expect(updateRecent([], look(0), [person(0.1, 0.39)], false)).toEqual([]);
});

test('the count follows the second look that agrees', () => {
  const seen = (n: number) => Array.from({ length: n }, (_, k) => ({ ...person(k / 10), at: 0 }));
  let looks: readonly (readonly RecentDetection[])[] = [];
  const said = [1, 1, 2, 1, 2, 2, 0, 0].map((n) => {
    looks = peopleAtLooks(looks, seen(n));
    return smoothedCount(looks.map(({ length }) => length));
  });
  expect(said).toEqual([1, 1, 1, 1, 2, 2, 2, 0]);
  expect(smoothedCount([])).toBeNull();
});

test('a region takes the label of what was recognised there; somebody recognised elsewhere is a region too', () => {
  const recent = [
    { ...person(0.1), at: 10 },
    { ...person(0.7), at: 10 },
  ];
  const region = { x: 0.08, y: 0.25, width: 0.15, height: 0.5 };
  const labelled = labelRegions([region, { ...region, x: 0.4 }], recent, 10.4);
  expect(labelled[0]).toEqual({ ...region, label: 'person', score: 0.8 });
  expect(labelled[1]).toEqual({ ...region, x: 0.4 });
  expect(labelled[2]).toEqual(person(0.7));
  expect(labelRegions([region], recent.slice(0, 1), 20)[0]).toEqual(region);
});

test('a region that holds two people is shown as their boxes, while they are fresh', () => {
  const recent = [
    { ...person(0.1), at: 10 },
    { ...person(0.25), at: 10 },
  ];
  const region = { x: 0.05, y: 0.2, width: 0.4, height: 0.7 };
  expect(labelRegions([region], recent, 10.5)).toEqual([person(0.1), person(0.25)]);
  expect(labelRegions([region], recent, 12)).toEqual([{ ...region, label: 'person', score: 0.8 }]);
});

test('while something moves, nobody is shown where they were seen long ago; in a still room they are', () => {
  const recent = [{ ...person(0.7), at: 10 }];
  const region = { x: 0.08, y: 0.25, width: 0.15, height: 0.5 };
  expect(labelRegions([region], recent, 11.5)).toEqual([region]);
  expect(labelRegions([], recent, 40)).toEqual([person(0.7)]);
});
