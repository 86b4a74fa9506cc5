import { expect, test } from 'vitest';
import { mergeVisits } from '../../../src/domain/page/merged-visits.js';
import type { Visit } from '../../../src/domain/page/payloads.js';
import fc from '../../support/fast-check.js';

const minute = (n: number) => new Date(Date.UTC(2026, 10, 26, 10, n)).toISOString();
const visitAt = (n: number, key = `at ${n}`): Visit => ({
  ...{ key, visit: key, began_at: minute(n), ended_at: minute(n), labels: [], snapshot_count: 0, snapshots: [] },
});
const loaded = (minutes: readonly number[], more = false) => ({ visits: minutes.map((n) => visitAt(n)), more });
const shown = (rooms: Readonly<Record<string, ReturnType<typeof loaded>>>) => {
  const { visits, next } = mergeVisits(new Map(Object.entries(rooms)));
  return { visits: visits.map(({ room, began_at }) => `${room} ${Number(began_at.slice(14, 16))}`), next };
};

test('the visits of all rooms are in one list, newest first', () => {
  const rooms = { hall: loaded([50, 30]), kitchen: loaded([40, 20]) };
  expect(shown(rooms)).toEqual({ visits: ['hall 50', 'kitchen 40', 'hall 30', 'kitchen 20'], next: [] });
});

test('the list ends where a room has older visits that are not loaded: they belong before older ones of other rooms', () => {
  const rooms = { hall: loaded([50, 30], true), kitchen: loaded([40, 20, 10], true), attic: loaded([35]) };
  expect(shown(rooms)).toEqual({ visits: ['hall 50', 'kitchen 40', 'attic 35', 'hall 30'], next: ['hall'] });
});

test('a room without visits holds up nothing', () => {
  expect(shown({ hall: loaded([]), kitchen: loaded([40]) })).toEqual({ visits: ['kitchen 40'], next: [] });
  expect(shown({})).toEqual({ visits: [], next: [] });
});

test('whatever the rooms hold, loading part by part shows every visit once, in order, and what is shown stays', () => {
  const home = fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { maxLength: 12 }), { maxLength: 4 });
  fc.assert(
    fc.property(home, fc.integer({ min: 1, max: 5 }), (rooms, part) => {
      const all = rooms.map((minutes, n) => [`room ${n}`, [...minutes].sort((a, b) => b - a)] as const);
      const counts = new Map<string, number>(all.map(([room]) => [room, part]));
      let before: readonly string[] = [];
      for (;;) {
        const { visits, next } = shown(
          Object.fromEntries(
            all.map(([room, minutes]) => {
              const count = counts.get(room)!;
              return [room, loaded(minutes.slice(0, count), minutes.length > count)];
            }),
          ),
        );
        expect(visits.slice(0, before.length)).toEqual(before);
        before = visits;
        if (next.length === 0) break;
        for (const room of next) counts.set(room, counts.get(room)! + part);
      }
      const times = before.map((one) => Number(one.split(' ').at(-1)));
      expect(times).toEqual(all.flatMap(([, minutes]) => minutes).sort((a, b) => b - a));
    }),
  );
});
