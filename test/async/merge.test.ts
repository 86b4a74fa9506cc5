import { expect, test } from 'vitest';
import { createBoundedQueue } from '../../src/async/bounded-queue.js';
import { merge } from '../../src/async/merge.js';

test('items come in the order they arrive, until the first source ends', async () => {
  const frames = createBoundedQueue<string>();
  const controls = createBoundedQueue<string>();
  const seen: string[] = [];
  const done = (async () => {
    for await (const item of merge(frames, controls)) {
      seen.push(item);
      if (item === 'frame 1') controls.put('control 1');
      if (item === 'control 1') frames.put('frame 2');
      if (item === 'frame 2') frames.close();
    }
  })();
  frames.put('frame 1');
  await done;
  expect(seen).toEqual(['frame 1', 'control 1', 'frame 2']);
});

test('the next is not asked for before the last was taken', async () => {
  let asked = 0;
  async function* counting() {
    for (let n = 0; n < 3; n++) {
      asked++;
      yield n;
      await Promise.resolve();
    }
  }
  for await (const n of merge(counting())) expect(asked).toBe(n + 1);
});

test('a source that fails fails the merged stream', async () => {
  // eslint-disable-next-line @typescript-eslint/require-await
  async function* failing(): AsyncGenerator<never> {
    throw new Error('unplugged');
  }
  await expect(merge(createBoundedQueue<number>(), failing()).next()).rejects.toThrow('unplugged');
});

test('a full queue drops the oldest', async () => {
  const queue = createBoundedQueue<number>(2);
  for (const n of [1, 2, 3]) queue.put(n);
  queue.close();
  const seen: number[] = [];
  for await (const n of queue) seen.push(n);
  expect(seen).toEqual([2, 3]);
});
