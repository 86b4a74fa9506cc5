import { expect, test } from 'vitest';
import { coalesce } from '../../src/async/coalesce.js';

/** Work that runs until `finish` is called. */
function slowWork() {
  let runs = 0;
  let finish = () => {};
  const start = coalesce(() => {
    runs++;
    return new Promise((resolve) => (finish = resolve));
  });
  const finished = async () => {
    finish();
    await new Promise(setImmediate);
  };
  return { start, finished, runs: () => runs };
}

test('calls during a run lead to one more run after it', async () => {
  const { start, finished, runs } = slowWork();
  start();
  for (let call = 0; call < 5; call++) start();
  expect(runs()).toBe(1);
  await finished();
  expect(runs()).toBe(2);
  await finished();
  expect(runs()).toBe(2);
});

test('a call after the run starts another', async () => {
  const { start, finished, runs } = slowWork();
  start();
  await finished();
  start();
  expect(runs()).toBe(2);
});
