import { expect, test } from 'vitest';
import { createKeyedQueue } from '../../src/async/keyed-queue.js';

test('keys come in order, each once while it is pending, and so do keys added later', async () => {
  const queue = createKeyedQueue();
  for (const key of ['a', 'b', 'a', 'c']) queue.add(key);
  queue.remove('c');
  const stop = new AbortController();
  const given: string[] = [];
  for await (const key of queue.follow(stop.signal)) {
    given.push(key);
    queue.add(key);
    if (key === 'b') setImmediate(() => queue.add('d'));
    if (key === 'd') stop.abort();
  }
  expect(given).toEqual(['a', 'b', 'd']);
  expect(queue.size).toBe(3);
});

test('a key removed and added again before it is given comes once, at the end', async () => {
  const queue = createKeyedQueue();
  for (const key of ['a', 'b']) queue.add(key);
  queue.remove('a');
  queue.add('a');
  const stop = new AbortController();
  const given: string[] = [];
  setImmediate(() => stop.abort());
  for await (const key of queue.follow(stop.signal)) given.push(key);
  expect(given).toEqual(['b', 'a']);
});
