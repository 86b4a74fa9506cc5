import { expect, test } from 'vitest';
import type { RoomStatus } from '../../../src/domain/contract/payloads.js';
import { createReplayReport, describeReport } from '../../../src/domain/replay/report.js';

const saying = (status: RoomStatus['status']): RoomStatus => ({
  status,
  motion: false,
  reason: 'quiet',
  since: '2026-11-22T10:15:30.123Z',
  at: '2026-11-22T10:15:30.123Z',
  visit: null,
  confirmed: false,
  people: null,
});

test('a visit ends with the next other status, the last one with the clip', () => {
  const report = createReplayReport();
  report.status(2.5, saying('unoccupied'));
  report.status(10, saying('occupied'));
  report.snapshot();
  report.status(12, saying('occupied'));
  report.status(70.04, saying('unoccupied'));
  report.status(100, saying('occupied'));
  const visits = report.visits(119.97);
  expect(describeReport('office.mp4', 2050, 119.97, visits)).toBe(
    [
      'office.mp4: 2050 frames, 2:00.0; 2 visits, occupied 1:20.0',
      '  visit 1  0:10.0 to 1:10.0  1 snapshot',
      '  visit 2  1:40.0 to 2:00.0  0 snapshots',
    ].join('\n'),
  );
});
