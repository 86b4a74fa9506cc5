import { expect, test } from 'vitest';
import { createAgenda } from '../../../src/domain/uploads/schedule.js';

const entry = (id: string, host: string, bytes = 10) => ({ id, url: `http://${host}/snapshots/${id}.jpg`, bytes });

function agendaOf(...entries: ReturnType<typeof entry>[]) {
  const agenda = createAgenda();
  for (const one of entries) agenda.add(one);
  return agenda;
}

test('what is due comes in order, within the limits, one at least', () => {
  const agenda = agendaOf(entry('a', 'x', 100), entry('b', 'x'), entry('c', 'x'), entry('d', 'x'));
  expect(agenda.due(0, 3, 1000)).toEqual(['a', 'b', 'c']);
  expect(agenda.due(0, 9, 115)).toEqual(['a', 'b']);
  expect(agenda.due(0, 9, 5)).toEqual(['a']);
});

test('one that has to wait holds up no other', () => {
  const agenda = agendaOf(entry('a', 'x'), entry('b', 'x'));
  agenda.postpone('a', { attempts: 1, corrupt: 0, notBefore: 50 });
  expect(agenda.due(10, 9, 1000)).toEqual(['b']);
  agenda.drop('b');
  expect(agenda.nextAt()).toBe(50);
  expect(agenda.due(50, 9, 1000)).toEqual(['a']);
});

test('a detector that does not answer is left alone, then tried with one snapshot', () => {
  const agenda = agendaOf(entry('a', 'x'), entry('b', 'x'), entry('c', 'y'));
  agenda.heardOf('a', false, 0);
  expect(agenda.paused('b', 0)).toBe(true);
  expect(agenda.due(0.5, 9, 1000)).toEqual(['c']);
  expect(agenda.due(1, 9, 1000)).toEqual(['a', 'c']);
  agenda.heardOf('a', true, 1);
  expect(agenda.due(1, 9, 1000)).toEqual(['a', 'b', 'c']);
});

test('announced again it keeps its turn and what is known of it', () => {
  const agenda = agendaOf(entry('a', 'x'), entry('b', 'x'));
  agenda.postpone('a', { attempts: 3, corrupt: 1, notBefore: 0 });
  agenda.add(entry('a', 'x'));
  expect(agenda.task('a')).toEqual({ attempts: 3, corrupt: 1, notBefore: 0 });
  expect(agenda.due(0, 9, 1000)).toEqual(['a', 'b']);
  expect(agenda.size).toBe(2);
  expect(createAgenda().nextAt()).toBe(Infinity);
});
