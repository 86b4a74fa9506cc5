import { expect, test } from 'vitest';
import { tutorialTime } from '../../../src/domain/snapshots/tutorial-time.js';

const cases = [
  ['in the morning', '2026-11-22T10:15:30.999Z', 'Sunday 22 November 2026 10:15:30AM'],
  ['midnight is twelve', '2026-01-01T00:00:00.000Z', 'Thursday 01 January 2026 12:00:00AM'],
  ['noon is twelve', '2026-02-03T12:00:05.000Z', 'Tuesday 03 February 2026 12:00:05PM'],
  ['in the evening', '2026-12-31T23:59:59.000Z', 'Thursday 31 December 2026 11:59:59PM'],
] as const;

test.each(cases)('%s', (_what, instant, expected) => {
  expect(tutorialTime(Date.parse(instant) / 1000)).toBe(expected);
});
