import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LockedError, lockDirectory } from '../../../src/runtime/process/lock.js';
import { bundle } from '../../support/bundle.js';

let dir: string;
beforeEach(async () => void (dir = await mkdtemp(join(tmpdir(), 'lock-'))));
afterEach(() => rm(dir, { recursive: true }));

test('a directory has one holder at a time', async () => {
  const data = join(dir, 'a'.repeat(120), 'kitchen');
  const first = await lockDirectory(data, 'detector');
  await expect(lockDirectory(data, 'detector')).rejects.toThrow(LockedError);
  await expect(lockDirectory(data, 'detector')).rejects.toThrow(/another detector runs on it/);
  await first.release();
  const second = await lockDirectory(data, 'detector');
  await second.release();
  expect(await readdir(data)).toEqual(['lock.2']);
});

test('only one of many simultaneous attempts succeeds', async () => {
  const tries = await Promise.allSettled(Array.from({ length: 20 }, () => lockDirectory(dir, 'detector')));
  const winners = tries.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []));
  expect(winners).toHaveLength(1);
  await winners[0]?.release();
});

test('exactly one process takes over the lock of a killed one, at once', async () => {
  const module = await bundle(join(import.meta.dirname, '../../../src/runtime/process/lock.ts'), dir);
  const data = join(dir, 'data');
  const script = `const { lockDirectory } = await import(${JSON.stringify(module)});
    await lockDirectory(${JSON.stringify(data)}, 'x'); process.stdout.write('held'); setInterval(() => {}, 1000);`;
  const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', script]);
  await once(child.stdout!, 'data');
  await expect(lockDirectory(data, 'uploader')).rejects.toThrow(LockedError);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const tries = await Promise.allSettled(Array.from({ length: 10 }, () => lockDirectory(data, 'uploader')));
  const winners = tries.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []));
  expect(winners).toHaveLength(1);
  expect(await readdir(data)).toEqual(['lock.2']);
  await winners[0]?.release();
});
