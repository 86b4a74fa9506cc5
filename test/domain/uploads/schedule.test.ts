import { expect, test } from 'vitest';
import { createUploadSchedule } from '../../../src/domain/uploads/schedule.js';

const entry = (id: string, host: string, bytes = 10) => ({ id, url: `http://${host}/snapshots/${id}.jpg`, bytes });

function scheduleOf(...entries: ReturnType<typeof entry>[]) {
  const schedule = createUploadSchedule(() => 0);
  for (const one of entries) schedule.add(one);
  return schedule;
}

test('due snapshots come in order and within the limits, but at least one', () => {
  const schedule = scheduleOf(entry('a', 'x', 100), entry('b', 'x'), entry('c', 'x'), entry('d', 'x'));
  expect(schedule.due(0, 3, 1000)).toEqual(['a', 'b', 'c']);
  expect(schedule.due(0, 9, 115)).toEqual(['a', 'b']);
  expect(schedule.due(0, 9, 5)).toEqual(['a']);
});

test('a postponed snapshot delays no other', () => {
  const schedule = scheduleOf(entry('a', 'x'), entry('b', 'x'));
  schedule.postpone('a', { attempts: 1, notBefore: 50 });
  expect(schedule.due(10, 9, 1000)).toEqual(['b']);
  schedule.remove('b');
  expect(schedule.nextAt()).toBe(50);
  expect(schedule.due(50, 9, 1000)).toEqual(['a']);
});

test('a detector that does not answer is paused, then probed with one snapshot', () => {
  const schedule = scheduleOf(entry('a', 'x'), entry('b', 'x'), entry('c', 'y'));
  schedule.recordAnswer('a', false, 0);
  expect(schedule.isHostPaused('b', 0)).toBe(true);
  expect(schedule.due(0.5, 9, 1000)).toEqual(['c']);
  expect(schedule.due(1, 9, 1000)).toEqual(['b', 'c']);
  schedule.recordAnswer('b', true, 1);
  expect(schedule.due(1, 9, 1000)).toEqual(['a', 'b', 'c']);
});

test('a detector that answered others meanwhile is not paused by one that it did not answer', () => {
  const schedule = scheduleOf(entry('a', 'x'), entry('b', 'x'), entry('c', 'x'));
  schedule.recordAnswer('b', true, 5);
  expect(schedule.recordAnswer('a', false, 15, 0)).toBe(false);
  expect(schedule.due(15, 9, 1000)).toEqual(['a', 'b', 'c']);
  expect(schedule.recordAnswer('a', false, 30, 15)).toBe(true);
  expect(schedule.due(30, 9, 1000)).toEqual([]);
});

test('a new snapshot ends the pause of its detector, as the probe; one that is announced again does not', () => {
  const schedule = scheduleOf(entry('a', 'x'));
  schedule.recordAnswer('a', false, 0);
  schedule.add(entry('b', 'x'));
  expect(schedule.due(0.5, 9, 1000)).toEqual(['b']);
  schedule.recordAnswer('b', false, 0.5);
  schedule.add(entry('a', 'x'));
  expect(schedule.due(1, 9, 1000)).toEqual([]);
});

test('the probe of a detector that does not answer is not always the same snapshot', () => {
  const schedule = scheduleOf(entry('a', 'x'), entry('b', 'x'), entry('c', 'x'));
  const probes: string[] = [];
  let now = 0;
  for (let n = 0; n < 4; n += 1) {
    const [probe = ''] = schedule.due(now, 9, 1000);
    probes.push(probe);
    schedule.recordAnswer(probe, false, now);
    now = schedule.nextAt();
  }
  expect(probes).toEqual(['a', 'b', 'c', 'a']);
});

test('attempts that fail at the same time lengthen the pause of a detector once', () => {
  const schedule = scheduleOf(entry('a', 'x'), entry('b', 'x'), entry('c', 'x'));
  for (const id of ['a', 'b', 'c']) schedule.recordAnswer(id, false, 0);
  expect(schedule.nextAt()).toBe(1);
});

test('a snapshot announced again keeps its position and its attempts, and is due at once', () => {
  const schedule = scheduleOf(entry('a', 'x'), entry('b', 'x'));
  schedule.postpone('a', { attempts: 3, notBefore: 50 });
  schedule.add(entry('a', 'x'));
  expect(schedule.task('a')).toEqual({ attempts: 3, notBefore: 0 });
  expect(schedule.due(0, 9, 1000)).toEqual(['a', 'b']);
  expect(schedule.size).toBe(2);
  expect(createUploadSchedule(() => 0).nextAt()).toBe(Infinity);
});
