import { expect, test } from 'vitest';
import { createTimelineRing } from '../../../src/domain/page/timeline-ring.js';

const sample = (at: number, level = 0.1, state: 0 | 1 | 2 | 3 = 1) => ({ at, level, threshold: 0.5, state });

test('a step has the highest level and state of its samples', () => {
  const ring = createTimelineRing(10, 4);
  for (const one of [sample(100, 0.25), sample(103, 0.5, 3), sample(109.9, 0.125)]) ring.record(one);
  expect(ring.read()).toEqual({ step_seconds: 10, at: [100], level: [0.5], threshold: [0.5], state: [3] });
});

test('the newest step replaces the oldest, and there are no steps without samples', () => {
  const ring = createTimelineRing(1, 3);
  for (const at of [1, 2, 5, 6]) ring.record(sample(at));
  expect(ring.read().at).toEqual([2, 5, 6]);
});

test('a clock that was set back empties the timeline', () => {
  const ring = createTimelineRing(1, 3);
  for (const at of [100, 101, 50]) ring.record(sample(at));
  expect(ring.read().at).toEqual([50]);
});
