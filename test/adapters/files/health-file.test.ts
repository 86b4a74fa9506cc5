import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { openHealthFile, type HealthState } from '../../../src/adapters/files/health-file.js';

const folder = mkdtempSync(join(tmpdir(), 'health-'));
const path = join(folder, 'health.json');
const read = () => JSON.parse(readFileSync(path, 'utf8')) as { ok: boolean; why?: string; at: string };

afterEach(() => vi.useRealTimers());
afterEach(() => rmSync(path, { force: true }));

test('the file follows the process, and is not written after it is closed', () => {
  vi.useFakeTimers({ now: Date.parse('2026-11-22T10:00:00Z') });
  let answer: HealthState = { ok: true };
  const file = openHealthFile(path, () => answer, { warn: () => expect.fail('warned') });
  expect(read()).toEqual({ ok: true, at: '2026-11-22T10:00:00.000Z' });
  answer = { ok: false, why: 'no broker' };
  vi.advanceTimersByTime(10_000);
  expect(read()).toEqual({ ok: false, why: 'no broker', at: '2026-11-22T10:00:10.000Z' });
  file.close();
  vi.advanceTimersByTime(60_000);
  expect(read().at).toBe('2026-11-22T10:00:10.000Z');
});

test('a path that cannot be written is logged once', () => {
  vi.useFakeTimers();
  const warnings: unknown[] = [];
  const file = openHealthFile(join(folder, 'missing', 'health.json'), () => ({ ok: true }), {
    warn: (...words: unknown[]) => void warnings.push(words),
  });
  vi.advanceTimersByTime(30_000);
  expect(warnings).toHaveLength(1);
  file.close();
});
