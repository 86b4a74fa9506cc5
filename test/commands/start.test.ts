import { pino } from 'pino';
import { expect, test } from 'vitest';
import { runStart } from '../../src/commands/start.js';
import { loadConfig } from '../../src/runtime/config/config.js';

test('starts no process if it is stopped before it begins', async () => {
  const loaded = loadConfig({ file: undefined, env: {} });
  if ('problems' in loaded) throw new Error(loaded.problems.join('\n'));
  // The command line's module exists only in a build, so a process that is started fails, with status 1.
  expect(await runStart(loaded.config, pino({ level: 'silent' }), AbortSignal.abort(), undefined)).toBe(0);
});
