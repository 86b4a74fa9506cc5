import { expect, test } from 'vitest';
import { archivePath, otherArchivePath } from '../../../src/domain/uploads/archive-path.js';
import { isTimeZone, localInstant } from '../../../src/domain/uploads/local-instant.js';

const cases = [
  ['UTC', '2026-11-22T10:15:30.123Z', '2026-11-22T10:15:30.123Z'],
  ['Europe/Berlin', '2026-11-22T23:15:30.123Z', '2026-11-23T00:15:30.123+0100'],
  ['Europe/Berlin', '2026-10-25T00:30:00.000Z', '2026-10-25T02:30:00.000+0200'],
  ['Europe/Berlin', '2026-10-25T01:30:00.000Z', '2026-10-25T02:30:00.000+0100'],
  ['Europe/Berlin', '2026-03-29T01:00:00.000Z', '2026-03-29T03:00:00.000+0200'],
  ['America/Sao_Paulo', '2026-01-01T01:00:00.000Z', '2025-12-31T22:00:00.000-0300'],
  ['Asia/Kolkata', '2026-01-01T00:00:00.000Z', '2026-01-01T05:30:00.000+0530'],
  ['Europe/London', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000+0000'],
  ['Europe/Berlin', '1970-01-01T00:00:00.000Z', '1970-01-01T01:00:00.000+0100'],
] as const;
test.each(cases)('%s at %s', (zone, instant, local) => {
  expect(localInstant(Date.parse(instant) / 1000, zone)).toBe(local);
});

test('time zones are known by name', () => {
  expect(['UTC', 'Europe/Berlin', 'Asia/Seoul', 'Mars/Olympus', ''].map(isTimeZone)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});

test('pictures in the hour that comes twice have paths of their own', () => {
  const taken = [0, 1].map((hour) => ({
    ...{ id: `01900000-0000-7000-8000-00000000000${hour}`, room: 'hall' },
    taken_at: `2026-10-25T0${hour}:30:00.000Z`,
  }));
  const paths = (pattern: string) => taken.map((one) => archivePath(pattern, one, 'Europe/Berlin'));
  expect(paths('{date}/{time}-{id}.jpg')).toEqual([
    '/2026-10-25/02-30-00.000+0200-01900000-0000-7000-8000-000000000000.jpg',
    '/2026-10-25/02-30-00.000+0100-01900000-0000-7000-8000-000000000001.jpg',
  ]);
  expect(paths('tutorial')).toEqual(Array(2).fill('/Sunday 25 October 2026 02:30:00AM.jpg'));
  const others = taken.map((one) => otherArchivePath('tutorial', one, 'Europe/Berlin'));
  expect(new Set(others).size).toBe(2);
});
