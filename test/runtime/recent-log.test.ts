import { expect, test } from 'vitest';
import { createRecentLog } from '../../src/runtime/recent-log.js';

const line = (n: number, level: number, more: object = {}) =>
  JSON.stringify({ level, time: '2026-11-22T10:15:30.123Z', pid: 1, name: 'detector', ...more, msg: `line ${n}` });

test('the newest 500 lines are kept, and read by level', () => {
  const recent = createRecentLog();
  for (let n = 0; n < 600; n++) recent.add(line(n, n % 2 === 0 ? 30 : 40, { room: 'hall' }));
  const all = recent.read('trace');
  expect([all.length, all[0]?.message, all.at(-1)?.message]).toEqual([500, 'line 100', 'line 599']);
  expect(recent.read('warn')).toHaveLength(250);
  expect(recent.read('error')).toEqual([]);
  expect(all[0]).toEqual({
    at: '2026-11-22T10:15:30.123Z',
    level: 'info',
    message: 'line 100',
    fields: { room: 'hall' },
  });
});

test('a long line is cut', () => {
  const recent = createRecentLog();
  recent.add(line(1, 50, { stack: 'x'.repeat(100_000) }));
  expect(recent.read('error')).toMatchObject([{ level: 'error', message: 'line 1 …', fields: {} }]);
});
