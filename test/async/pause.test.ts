import { expect, test } from 'vitest';
import { pause } from '../../src/async/pause.js';

test('a pause ends when it is called off', async () => {
  const off = new AbortController();
  const paused = pause(1e9, off.signal);
  off.abort();
  await expect(paused).resolves.toBeUndefined();
  await pause(3600, off.signal);
});
