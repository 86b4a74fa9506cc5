import { expect, test } from 'vitest';
import { createMotionHistory } from '../../../src/domain/page/history.js';

test('two hours at 16 frames per second: five minutes in fine steps, two hours in coarse steps, no more', () => {
  const history = createMotionHistory();
  const began = 1_000_000;
  for (let frame = 0; frame < 16 * 7300; frame++)
    history.record({ at: began + frame / 16, level: 0.1, threshold: 0.2, state: 1 });
  const { fine, coarse } = history.read();
  expect(fine.at).toHaveLength(1200);
  expect(coarse.at).toHaveLength(720);
  expect(fine.at.at(-1)).toBe(began + 7300 - 0.25);
  expect(fine.at[0]).toBe(began + 7300 - 300);
});

test('the newest 500 marks are kept', () => {
  const history = createMotionHistory();
  for (let at = 0; at < 600; at++) history.addMark({ at, kind: 'light_change' });
  const { marks } = history.read();
  expect(marks).toHaveLength(500);
  expect(marks[0]?.at).toBe(100);
});
