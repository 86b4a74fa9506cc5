import { expect, test } from 'vitest';
import { localSeconds } from '../../src/runtime/local-time.js';

test("local seconds read as UTC are the machine's own clock", () => {
  const at = 1_800_000_000;
  const local = new Date(at * 1000);
  expect(new Date(localSeconds(at) * 1000).getUTCHours()).toBe(local.getHours());
  expect(new Date(localSeconds(at) * 1000).getUTCDate()).toBe(local.getDate());
});
