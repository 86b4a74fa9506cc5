import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openSnapshotStore } from '../../src/detector/snapshot-store.js';
import { createCloseStack } from '../../src/runtime/process/close-stack.js';
import { makeReceipt } from '../support/receipt.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const jpeg = Buffer.from('picture');
const receipt = makeReceipt(jpeg, 'http://detector');

async function openStore(folder: string) {
  const opened = createCloseStack();
  onTestFinished(() => opened.close());
  const answers: unknown[] = [];
  const logged: string[] = [];
  const write = (_: object, message: string) => void logged.push(message);
  const store = await openSnapshotStore(
    folder,
    { keep_hours: 1, max_megabytes: 1, min_upload_seconds: 3 },
    {
      forgetAfterSeconds: 3600,
      monotonicSeconds: () => 0,
      recordDisk: (error) => answers.push(error) > 0,
      log: { warn: write, error: write } as never,
      opened,
      signal: new AbortController().signal,
    },
  );
  return { store, answers, logged };
}

test('a picture and its receipt are kept', async () => {
  const { store, answers } = await openStore(temporaryFolder());
  expect(await store.keep({ jpeg, receipt }, 10)).toBe(true);
  expect(await store.snapshots.find(receipt.id)).toMatchObject({ bytes: jpeg.length });
  expect([...store.outbox.unsettled()]).toEqual([receipt.id]);
  expect(answers).toEqual([undefined]);
});

test('trouble with the disk is reported as such', async () => {
  const folder = temporaryFolder();
  const { store, answers, logged } = await openStore(folder);
  await rm(join(folder, 'snapshots'), { recursive: true });
  expect(await store.keep({ jpeg, receipt }, 10)).toBe(false);
  await store.sweep(10);
  expect(answers).toMatchObject([{ code: 'ENOENT' }, { code: 'ENOENT' }]);
  expect(logged).toEqual(['a snapshot cannot be kept', 'old snapshots cannot be removed']);
});

test('a bug is not reported as trouble with the disk', async () => {
  const { store, answers } = await openStore(temporaryFolder());
  await expect(store.keep({ jpeg: undefined as never, receipt }, 10)).rejects.toThrow(TypeError);
  store.snapshots.sweep = () => Promise.reject(new RangeError('a bug'));
  await expect(store.sweep(10)).rejects.toThrow(RangeError);
  expect(answers).toEqual([]);
});
