import { expect, test } from 'vitest';
import { createMetrics, type Readings } from '../../src/runtime/metrics.js';

const quiet: Readings = {
  camera: 'ok',
  status: 'unoccupied',
  fps: 15.9,
  motion_level: 0.004,
  frames: 10,
  dropped_frames: 0,
  suppressed: {},
  motion_events: 0,
  snapshots: 0,
  snapshots_kept: 0,
  outbox: 0,
  uploads: {},
  mqtt_connected: true,
  mqtt_reconnects: 0,
  uptime_seconds: 1,
  recognition: null,
};

test('the figures are those at the time of the request', async () => {
  let now = quiet;
  const metrics = createMetrics({ room: 'kitchen', version: '1.2.3' }, () => now);
  expect(await metrics()).toContain('roomwatch_frames_total{room="kitchen"} 10\n');

  now = { ...quiet, frames: 12, status: 'occupied', camera: 'lost', uploads: { uploaded: 3, lost: 1 } };
  const text = await metrics();
  expect(text).toContain('roomwatch_frames_total{room="kitchen"} 12\n');
  expect(text).toContain('roomwatch_room_occupied{room="kitchen"} 1\n');
  expect(text).toContain('roomwatch_camera_up{room="kitchen"} 0\n');
  expect(text).toContain('roomwatch_uploads_total{result="uploaded",room="kitchen"} 3\n');
  expect(text).toContain('roomwatch_uploads_total{result="lost",room="kitchen"} 1\n');
  expect(text).toContain('roomwatch_info{version="1.2.3",room="kitchen"} 1\n');
});

test('looks and people are counted; what is not known has no sample', async () => {
  let recognition: Readings['recognition'] = null;
  const metrics = createMetrics({ room: 'kitchen', version: '1.2.3' }, () => ({ ...quiet, recognition }));
  const samples = async () =>
    (await metrics())
      .split('\n')
      .filter((line) => /^roomwatch_(recognition|people)/.test(line))
      .map((line) => line.replace('{room="kitchen"}', ''));
  expect(await samples()).toEqual([]);

  recognition = { looks: 0, milliseconds: 0, people: null };
  expect(await samples()).toEqual(['roomwatch_recognition_looks_total 0']);

  recognition = { looks: 412, milliseconds: 41, people: 2 };
  expect(await samples()).toEqual([
    'roomwatch_recognition_looks_total 412',
    'roomwatch_recognition_look_seconds 0.041',
    'roomwatch_people 2',
  ]);

  recognition = { ...recognition, looks: 413, people: null };
  expect(await samples()).toEqual([
    'roomwatch_recognition_looks_total 413',
    'roomwatch_recognition_look_seconds 0.041',
  ]);
});

test('every metric has a help text, a type and a unique name', async () => {
  const text = await createMetrics({ room: 'kitchen', version: '1.2.3' }, () => quiet)();
  const helped = [...text.matchAll(/^# HELP (\S+) \S.*$/gm)].map((match) => match[1]);
  const typed = [...text.matchAll(/^# TYPE (\S+) (counter|gauge)$/gm)].map((match) => match[1]);
  expect(typed).toEqual(helped);
  expect(new Set(helped).size).toBe(helped.length);
  for (const name of helped) expect(name).toMatch(/^(roomwatch|process)_[a-z_]+$/);
});
