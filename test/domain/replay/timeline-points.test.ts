import { expect, test } from 'vitest';
import { createTimelinePoints, type TimelinePoint } from '../../../src/domain/replay/timeline-points.js';

const quiet: TimelinePoint = {
  at: 0,
  level: 0,
  rejected: 0,
  threshold: 0.01,
  moving: false,
  present: false,
  suppressed: undefined,
  status: 'unoccupied',
  motion: false,
};

test('a short clip keeps a point for each frame', () => {
  const points = createTimelinePoints(100);
  const frames = Array.from({ length: 199 }, (_, n) => ({ ...quiet, at: n / 16 }));
  for (const frame of frames) points.add(frame);
  expect(points.list()).toEqual(frames);
});

test('a clip of any length keeps between one and two points for each column, spread evenly, and loses no peak', () => {
  const points = createTimelinePoints(100);
  for (let frame = 0; frame < 100_000; frame++) {
    const peak = frame === 77_777;
    points.add({
      ...quiet,
      at: frame / 16,
      level: peak ? 0.5 : 0.001,
      moving: peak,
      suppressed: frame === 5 ? 'light_change' : undefined,
      status: peak ? 'occupied' : 'unoccupied',
    });
  }
  const list = points.list();
  expect(list.length).toBeGreaterThanOrEqual(100);
  expect(list.length).toBeLessThan(200);
  const steps = new Set(list.slice(1).map((point, n) => point.at - (list[n]?.at ?? 0)));
  expect(steps.size).toBe(1);
  const peaks = list.filter(({ level }) => level === 0.5);
  expect(peaks).toEqual([expect.objectContaining({ moving: true, status: 'occupied' })]);
  expect(Math.abs((peaks[0]?.at ?? 0) - 77_777 / 16)).toBeLessThan(100);
  expect(list[0]?.suppressed).toBe('light_change');
});
