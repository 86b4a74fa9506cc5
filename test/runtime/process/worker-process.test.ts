import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createWorkerProcess } from '../../../src/runtime/process/worker-process.js';

/** A worker process whose module has this text. */
async function openWorker(text: string, idleSeconds = 60) {
  const dir = await mkdtemp(join(tmpdir(), 'worker-process-'));
  await writeFile(join(dir, 'module.mjs'), text);
  const worker = createWorkerProcess<unknown, unknown>(join(dir, 'module.mjs'), idleSeconds);
  onTestFinished(async () => {
    worker.close();
    await rm(dir, { recursive: true });
  });
  return worker;
}

const countBytes = `process.on('message', (bytes) => process.send({ result: [process.pid, bytes.length, bytes[1]] }));`;

test('runs one task after the other, with bytes unchanged', async () => {
  const worker = await openWorker(countBytes);
  const first = (await worker.run(Uint8Array.of(1, 2, 3))) as number[];
  expect(first.slice(1)).toEqual([3, 2]);
  expect(first[0]).not.toBe(process.pid);
  expect(await worker.run(Uint8Array.of(7, 8))).toEqual([first[0], 2, 8]);
});

test('rejects with the error of the task', async () => {
  const worker = await openWorker(`process.on('message', () => process.send({ error: 'no such film' }));`);
  await expect(worker.run({})).rejects.toThrow('no such film');
});

test('rejects if the process ends, and starts another for the next task', async () => {
  const worker = await openWorker(
    `process.on('message', (word) => word.die ? process.exit(1) : process.send({ result: 'here' }));`,
  );
  await expect(worker.run({ die: true })).rejects.toThrow('ended');
  expect(await worker.run({})).toBe('here');
});

test('ends after a time without a task', async () => {
  const worker = await openWorker(countBytes, 0);
  const [pid] = (await worker.run(Uint8Array.of(1, 2))) as [number];
  const alive = () => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  while (alive()) await new Promise(setImmediate);
});
