import { createHash } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { withFacts } from '../../src/adapters/files/picture-facts.js';
import { openSpool } from '../../src/adapters/files/spool.js';
import { videoAddon } from '../../src/adapters/libav/addon.js';
import { openSnapshotStore } from '../../src/detector/snapshot-store.js';
import { snapshotFacts } from '../../src/domain/contract/payloads.js';
import { createCloseStack } from '../../src/runtime/process/close-stack.js';
import { makeReceipt } from '../support/receipt.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const jpeg = Buffer.from('picture');
const facts = snapshotFacts.parse(makeReceipt(jpeg, 'http://detector'));

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
      room: 'kitchen',
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
  expect(await store.keep({ jpeg, facts }, 10)).toBe(true);
  expect(await store.snapshots.find(facts.id)).toMatchObject({ bytes: jpeg.length });
  expect([...store.outbox.unsettled()]).toEqual([facts.id]);
  expect(answers).toEqual([undefined]);
});

test('a snapshot that an uploader has archived is known as archived, also after its removal, and no other', async () => {
  const { store } = await openStore(temporaryFolder());
  const other = snapshotFacts.parse(makeReceipt(jpeg, 'http://detector'));
  await store.keep({ jpeg, facts }, 10);
  await store.keep({ jpeg, facts: other }, 10);
  expect(await store.archivedIn(facts.id)).toBeUndefined();
  await store.snapshots.settle(facts.id, 'dropbox');
  await store.snapshots.settle(other.id);
  const places = () => Promise.all([store.archivedIn(facts.id), store.archivedIn(other.id)]);
  expect(await places()).toEqual(['dropbox', undefined]);
  // No room is left for both of them beside it.
  const large = snapshotFacts.parse(makeReceipt(jpeg, 'http://detector'));
  await store.keep({ jpeg: Buffer.alloc(1e6), facts: large }, 10);
  await store.snapshots.sweep(20);
  expect(await store.find(facts.id)).toBe('gone');
  expect(await places()).toEqual(['dropbox', undefined]);
});

test('the SHA-256 of a picture is known by its receipt, and later by what the picture says itself', async () => {
  const folder = temporaryFolder();
  const { store } = await openStore(folder);
  const { bytes: _, sha256: __, ...said } = facts;
  const picture = withFacts(await videoAddon().encodeJpeg(Buffer.alloc(64 * 48 * 3, 100), 64, 48, 64 * 3, false), said);
  const sha256 = createHash('sha256').update(picture).digest('hex');
  const own = { ...facts, bytes: picture.length, sha256 };
  await store.keep({ jpeg: picture, facts: own }, 10);
  expect(await store.find(facts.id)).toMatchObject({ bytes: picture.length, sha256 });
  await store.outbox.settle(facts.id);
  expect(await store.find(facts.id)).toMatchObject({ bytes: picture.length, sha256 });
  const damaged = Buffer.from(picture);
  damaged[damaged.length - 3]! ^= 1;
  await writeFile(join(folder, 'snapshots', `${facts.id}.jpg`), damaged);
  expect(await store.find(facts.id)).toMatchObject({ bytes: picture.length, sha256: '0'.repeat(64) });
  expect(await store.find(facts.id.replace(/.$/, (last) => (last === '0' ? '1' : '0')))).toBe('unknown');
});

test('an outbox of version 0.1, whose receipts held their URL, is read', async () => {
  const folder = temporaryFolder();
  const old = await openSpool<object>(join(folder, 'outbox'), { parse: (value) => value as object });
  await old.put(facts.id, { ...facts, url: 'http://old.address/snapshots/x.jpg?expires=1&signature=00' });
  await old.close();
  const { store } = await openStore(folder);
  expect([...store.outbox.unsettled()]).toEqual([facts.id]);
  const delivered: object[] = [];
  const stop = new AbortController();
  await store.outbox.deliver((one) => {
    delivered.push(one);
    return Promise.resolve(stop.abort());
  }, stop.signal);
  expect(delivered).toEqual([facts]);
});

test('trouble with the disk is reported as such', async () => {
  const folder = temporaryFolder();
  const { store, answers, logged } = await openStore(folder);
  await rm(join(folder, 'snapshots'), { recursive: true });
  expect(await store.keep({ jpeg, facts }, 10)).toBe(false);
  await store.sweep(10);
  expect(answers).toMatchObject([{ code: 'ENOENT' }, { code: 'ENOENT' }]);
  expect(logged).toEqual(['a snapshot cannot be kept', 'old snapshots cannot be removed']);
});

test('a bug is not reported as trouble with the disk', async () => {
  const { store, answers } = await openStore(temporaryFolder());
  await expect(store.keep({ jpeg: undefined as never, facts }, 10)).rejects.toThrow(TypeError);
  store.snapshots.sweep = () => Promise.reject(new RangeError('a bug'));
  await expect(store.sweep(10)).rejects.toThrow(RangeError);
  expect(answers).toEqual([]);
});
