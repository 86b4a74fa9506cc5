import { once } from 'node:events';
import { expect, test } from 'vitest';
import { ending, startNode } from './node-process.js';

test('the ending of a process is known even to a test that asks after it', async () => {
  const child = startNode(['-e', 'console.error("bye")']);
  child.stderr?.resume();
  await once(child, 'close');
  expect(await ending(child)).toMatchObject({ status: 0 });
});
