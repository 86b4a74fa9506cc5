import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { createSideProcess } from '../../../src/runtime/process/worker-process.js';

/** A process beside this one whose module has this text. */
async function beside(text: string, idleSeconds = 60) {
  const dir = await mkdtemp(join(tmpdir(), 'side-process-'));
  await writeFile(join(dir, 'module.mjs'), text);
  const side = createSideProcess<unknown, unknown>(pathToFileURL(join(dir, 'module.mjs')), idleSeconds);
  onTestFinished(async () => {
    side.close();
    await rm(dir, { recursive: true });
  });
  return side;
}

const countBytes = `process.on('message', (bytes) => process.send({ answer: [process.pid, bytes.length, bytes[1]] }));`;

test('it answers one question after the other, bytes as they are', async () => {
  const side = await beside(countBytes);
  const first = (await side.ask(Uint8Array.of(1, 2, 3))) as number[];
  expect(first.slice(1)).toEqual([3, 2]);
  expect(first[0]).not.toBe(process.pid);
  expect(await side.ask(Uint8Array.of(7, 8))).toEqual([first[0], 2, 8]);
});

test('what goes wrong there is told here', async () => {
  const side = await beside(`process.on('message', () => process.send({ error: 'no such film' }));`);
  await expect(side.ask({})).rejects.toThrow('no such film');
});

test('where it ends instead of answering that is told, and the next question starts another', async () => {
  const side = await beside(
    `process.on('message', (word) => word.die ? process.exit(1) : process.send({ answer: 'here' }));`,
  );
  await expect(side.ask({ die: true })).rejects.toThrow('ended');
  expect(await side.ask({})).toBe('here');
});

test('it ends when it has not been asked for long', async () => {
  const side = await beside(countBytes, 0);
  const [pid] = (await side.ask(Uint8Array.of(1, 2))) as [number];
  const alive = () => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  while (alive()) await new Promise(setImmediate);
});
