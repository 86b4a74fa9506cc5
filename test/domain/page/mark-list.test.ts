import { expect, test } from 'vitest';
import { createMarkList, isLook } from '../../../src/domain/page/mark-list.js';

test('looks push out no snapshots, and neither grows without limit', () => {
  const marks = createMarkList([{ at: 0, kind: 'snapshot' }]);
  for (let at = 1; at <= 5000; at++) marks.add({ at, kind: at % 2 === 0 ? 'recognised' : 'not_recognised' });
  expect(marks.list()[0]).toEqual({ at: 0, kind: 'snapshot' });
  expect(marks.list().filter(isLook)).toHaveLength(800);
  for (let at = 5001; at <= 6000; at++) marks.add({ at, kind: 'light_change' });
  const all = marks.list();
  expect(all).toHaveLength(1300);
  expect(all.at(-1)?.at).toBe(6000);
});

test('marks are in the order of time: the answer of a look comes after later events', () => {
  const marks = createMarkList();
  marks.add({ at: 3, kind: 'snapshot' });
  marks.add({ at: 2, kind: 'furniture', label: 'person', score: 0.4 });
  expect(marks.list().map(({ at }) => at)).toEqual([2, 3]);
});
