import { expect, test } from 'vitest';
import { withGaps } from '../../../src/domain/page/gaps.js';

const timeline = (step_seconds: number, at: readonly number[]) => ({
  step_seconds,
  at: [...at],
  level: at.map(() => 0.1),
  threshold: at.map(() => 0.02),
  state: at.map(() => 1),
});
const every = (seconds: number, from: number, until: number) =>
  Array.from({ length: Math.round((until - from) / seconds) }, (_, n) => from + n * seconds);
const gapsIn = ({ at, level }: ReturnType<typeof withGaps>) => at.filter((_, n) => level[n] === null);

test.each([
  ['frames without a break', 0.25, every(0.25, 0, 300), 300, []],
  ['one frame a second, as while nothing happens', 0.25, every(1, 0, 300), 300.5, []],
  ['a camera with a frame every ten seconds', 0.25, every(10, 0, 300), 300, []],
  ['two hours in steps of ten seconds', 10, every(10, 0, 300), 312, []],
  ['a break', 0.25, [...every(0.25, 0, 100), ...every(0.25, 130, 300)], 300, [100]],
  ['a break of two coarse steps', 10, [...every(10, 0, 100), ...every(10, 120, 300)], 300, [100]],
  ['a camera that is lost now', 0.25, every(0.25, 0, 200), 300, [200]],
  ['a detector that has just started', 0.25, every(0.25, 280, 300), 300, [0]],
  ['no frame yet', 0.25, [], 300, [0]],
] as const)('%s', (_what, step, at, until, gaps) => {
  const gapped = withGaps(timeline(step, at), 0, until);
  expect(gapsIn(gapped)).toEqual(gaps);
  expect(gapped.at).toHaveLength(at.length + gaps.length);
});

test('the state in a gap is unknown', () => {
  const gapped = withGaps(timeline(0.25, [0, 0.25, 60]), 0, 60);
  expect(gapped).toMatchObject({ at: [0, 0.25, 0.5, 60], state: [1, 1, 0, 1], threshold: [0.02, 0.02, null, 0.02] });
});
