import { expect, test } from 'vitest';
import { daysUntilFull, excessOf } from '../../../src/domain/uploads/archive-space.js';

const giga = 1e9;
const use = { bytes: 20 * giga, weekBytes: 7 * giga, days: 60, freeBytes: 5 * giga + 200 * 1024 * 1024 };
const cases = [
  ['five days of room at the rate of the last week', use, {}, 5],
  ['more than a week of room', { ...use, freeBytes: 9 * giga }, {}, undefined],
  ['nothing archived lately', { ...use, weekBytes: 0 }, {}, undefined],
  [
    'a first backlog is the rate of a day, not of an hour',
    { ...use, days: 0.04, weekBytes: 0.5 * giga },
    {},
    undefined,
  ],
  ['a limit in size ends the growth', use, { maxGigabytes: 22 }, undefined],
  ['a limit in size that does not fit', use, { maxGigabytes: 100 }, 5],
  ['a limit in time ends the growth', use, { keepDays: 21 }, undefined],
  ['a limit in time that does not fit', use, { keepDays: 90 }, 5],
  ['a full disk', { ...use, freeBytes: 0 }, {}, 0],
] as const;
test.each(cases)('%s', (_, what, limits, days) => {
  expect(daysUntilFull(what, limits)).toBe(days);
});

test('the oldest hours go, and of the last one only as much as necessary', () => {
  const byHour = new Map([
    [12, 500],
    [10, 100],
    [11, 300],
  ]);
  expect(excessOf(byHour, 900)).toBeUndefined();
  expect(excessOf(byHour, 850)).toEqual({ hour: 10, bytes: 50 });
  expect(excessOf(byHour, 700)).toEqual({ hour: 11, bytes: 100 });
  expect(excessOf(byHour, 0)).toEqual({ hour: 12, bytes: 500 });
});
