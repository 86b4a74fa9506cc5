import { expect, test } from 'vitest';
import { drawTimeline } from '../../../src/adapters/svg/timeline.js';
import type { TimelinePoint } from '../../../src/domain/replay/timeline-points.js';

/** An hour and more at 16 frames a second, with one visit in its second quarter. */
function pointsOf(frames: number): TimelinePoint[] {
  return Array.from({ length: frames }, (_, n) => {
    const busy = n > frames / 4 && n < frames / 2;
    return {
      at: n / 16,
      level: busy ? 0.2 : 0,
      rejected: 0,
      threshold: 0.01,
      moving: busy,
      present: false,
      suppressed: undefined,
      status: busy ? 'occupied' : 'unoccupied',
      motion: busy,
    };
  });
}

test('a timeline shows the visit, the snapshots and the title, whatever it contains', () => {
  const points = pointsOf(1600);
  const truth = [{ from: 25, to: 50 }];
  const svg = drawTimeline({ title: 'a <b> & "c"', seconds: 100, points, snapshots: [26, 40], truth });
  expect(svg).toContain('a &lt;b> &amp; &quot;c&quot;');
  expect(svg).toContain('<title>occupied: 25.06 to 50.00 s</title>');
  expect(svg).toContain('<title>labelled occupied: 25.00 to 50.00 s</title>');
  expect(svg.match(/snapshot at/g)).toHaveLength(2);
});

test('the looks have a lane of their own, coloured by what they found', () => {
  const base = { title: 'looks', seconds: 100, points: pointsOf(1600), snapshots: [], truth: undefined };
  const look = { label: undefined, score: 0, people: null } as const;
  const svg = drawTimeline({
    ...base,
    looks: [
      { ...look, at: 10, found: 'not_recognised' },
      { ...look, at: 30, found: 'recognised', label: 'person', score: 0.823, people: 1 },
      { ...look, at: 60, found: 'furniture', label: 'person', score: 0.31, people: 0 },
      { ...look, at: 70, found: 'failed' },
    ],
  });
  const titles = [...svg.matchAll(/stroke="(#\w+)" stroke-width="2"><title>([^<]*)<\/title>/g)];
  expect(titles.map(([, , title]) => title)).toEqual([
    'not recognised at 10.00 s',
    'recognised: person 0.82, people: 1 at 30.00 s',
    'furniture: person 0.31, people: 0 at 60.00 s',
    'failed at 70.00 s',
  ]);
  expect(new Set(titles.map(([, colour]) => colour)).size).toBe(4);
  expect(svg).toContain('look: furniture');
  expect(drawTimeline(base).includes('look: ')).toBe(false);
});

test('three hours at 16 frames a second can be drawn', () => {
  const frames = 3 * 3600 * 16;
  const drawn = drawTimeline({
    title: 'long',
    seconds: frames / 16,
    points: pointsOf(frames),
    snapshots: Array.from({ length: 3600 }, (_, n) => 3 * n),
    truth: undefined,
  });
  expect(drawn).toContain('<title>occupied: 2700.06 to 5400.00 s</title>');
});
