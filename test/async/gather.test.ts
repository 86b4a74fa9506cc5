import { expect, test } from 'vitest';
import { gather } from '../../src/async/gather.js';

test('the first value at once, those within the time afterwards in one, with their count', async () => {
  const worked: string[] = [];
  const sums = gather<number>(
    0.02,
    (a, b) => a + b,
    (sum, count) => void worked.push(`${sum} of ${count}`),
  );
  await sums.add(1);
  expect(worked).toEqual(['1 of 1']);
  for (const value of [2, 3, 4]) await sums.add(value);
  expect(worked).toHaveLength(1);
  while (worked.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  await sums.add(5);
  await sums.finish();
  expect(worked).toEqual(['1 of 1', '9 of 3', '5 of 1']);
});

test('values that come while it works wait; the end waits for them', async () => {
  const worked: number[] = [];
  let go: () => void = () => undefined;
  const sums = gather<number>(
    1000,
    (a, b) => a + b,
    async (sum) => {
      worked.push(sum);
      if (worked.length === 1) await new Promise<void>((resolve) => (go = resolve));
    },
  );
  const first = sums.add(1);
  await sums.add(2);
  await sums.add(3);
  go();
  await first;
  await sums.finish();
  expect(worked).toEqual([1, 5]);
});
