import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createBoundedQueue } from '../../src/async/bounded-queue.js';
import { runStart } from '../../src/commands/start.js';
import { loadConfig } from '../../src/runtime/config/config.js';

test('starts no process if it is stopped before it begins', async () => {
  const loaded = loadConfig({ file: undefined, env: {} });
  if ('problems' in loaded) throw new Error(loaded.problems.join('\n'));
  // The command line's module exists only in a build, so a process that is started fails, with status 1.
  const needs = { ...loaded, log: pino({ level: 'silent' }), signal: AbortSignal.abort(), file: undefined };
  expect(await runStart({ ...needs, rereads: createBoundedQueue(), reread: () => loaded })).toBe(0);
});
