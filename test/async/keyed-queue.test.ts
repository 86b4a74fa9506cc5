import { expect, test } from 'vitest';
import { createWaitingLine } from '../../src/async/keyed-queue.js';

test('keys come in turn, each once while it is owed, and those that join later too', async () => {
  const line = createWaitingLine();
  for (const key of ['a', 'b', 'a', 'c']) line.add(key);
  line.remove('c');
  const stop = new AbortController();
  const taken: string[] = [];
  for await (const key of line.follow(stop.signal)) {
    taken.push(key);
    line.add(key);
    if (key === 'b') setImmediate(() => line.add('d'));
    if (key === 'd') stop.abort();
  }
  expect(taken).toEqual(['a', 'b', 'd']);
  expect(line.size).toBe(3);
});
