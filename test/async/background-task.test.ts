import { expect, test } from 'vitest';
import { createSideline } from '../../src/async/background-task.js';

function piece() {
  let end: () => void = () => undefined;
  const over = new Promise<void>((resolve) => (end = resolve));
  return { over, end };
}

test('the loop goes on while the first piece is done, and waits with the second', async () => {
  const sideline = createSideline();
  const [first, second] = [piece(), piece()];
  const said: string[] = [];
  await sideline.begin(async () => {
    said.push('first begins');
    await first.over;
    said.push('first ends');
  });
  said.push('loop');
  const begun = sideline.begin(async () => {
    said.push('second begins');
    await second.over;
    said.push('second ends');
  });
  first.end();
  await begun;
  said.push('loop');
  second.end();
  await sideline.over();
  expect(said).toEqual(['first begins', 'loop', 'first ends', 'second begins', 'loop', 'second ends']);
});

test('work that fails is told of, and holds up neither the next nor the end', async () => {
  const sideline = createSideline();
  await sideline.begin(() => Promise.reject(new Error('a bug')));
  await sideline.over();
  await expect(sideline.failed).rejects.toThrow('a bug');
  let done = false;
  await sideline.begin(async () => {
    await Promise.resolve();
    done = true;
  });
  await sideline.over();
  expect(done).toBe(true);
});
