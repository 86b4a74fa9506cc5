import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSnapshotFolder, type SnapshotLimits } from '../../../src/adapters/files/snapshot-folder.js';
import { snapshotRecord, type SnapshotRecord } from '../../../src/adapters/files/snapshot-records.js';
import { openSpool, type Spool } from '../../../src/adapters/files/spool.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const limits: SnapshotLimits = { keepSeconds: 100, maxBytes: 1000, minFreeBytes: 0, forgetAfterSeconds: 500 };

type Index = Spool<SnapshotRecord>;

/** `around` can wrap the index of the folder. */
async function openStore(dir: string, { rules = limits, around = (index: Index) => index } = {}) {
  let index!: Index;
  const store = await openSnapshotFolder(
    join(dir, 'pictures'),
    async (onEntry) => around((index = await openSpool(join(dir, 'index'), snapshotRecord, { onEntry }))),
    rules,
  );
  return { index, store };
}

test('a picture is found again after a restart, byte for byte, readable by its owner only', async () => {
  const dir = temporaryFolder();
  const first = await openStore(dir);
  await first.store.keep('a', Buffer.from('picture'), 10);
  await first.index.close();
  const { store } = await openStore(dir);
  const found = await store.find('a');
  if (typeof found === 'string') throw new Error(found);
  expect(await readFile(found.path, 'utf8')).toBe('picture');
  expect((await stat(found.path)).mode & 0o777).toBe(0o600);
  expect(store.count).toBe(1);
  expect(await store.find('b')).toBe('unknown');
});

test('an old settled snapshot is removed, then known as gone, and later forgotten', async () => {
  const { store } = await openStore(temporaryFolder());
  await store.keep('a', Buffer.alloc(10), 0);
  await store.keep('b', Buffer.alloc(10), 0);
  await store.settle('a');
  expect(await store.sweep(101)).toEqual([]);
  expect(await store.find('a')).toBe('gone');
  expect(await store.find('b')).toMatchObject({ bytes: 10 });
  await store.sweep(501);
  expect(await store.find('a')).toBe('unknown');
});

test('a removed snapshot is still known as gone after a restart, and forgotten when it is time', async () => {
  const dir = temporaryFolder();
  const first = await openStore(dir);
  for (const [n, id] of ['a', 'b', 'c'].entries()) {
    await first.store.keep(id, Buffer.alloc(10), n * 100);
    await first.store.settle(id);
  }
  await first.store.sweep(250);
  await first.index.close();

  const { store, index } = await openStore(dir);
  expect(await Promise.all(['a', 'b'].map(store.find))).toEqual(['gone', 'gone']);
  expect(await store.find('c')).toMatchObject({ bytes: 10 });
  expect(store.count).toBe(1);
  await store.sweep(550);
  expect(await Promise.all(['a', 'b', 'c'].map(store.find))).toEqual(['unknown', 'gone', 'gone']);
  expect([...index.keys()]).toEqual(['b', 'c']);
});

test('a picture taken while the clock was ahead does not keep others from being forgotten', async () => {
  const { store } = await openStore(temporaryFolder());
  for (const [id, at, bytes] of [
    ['ahead', 1e6, 1100],
    ['after', 20, 10],
  ] as const) {
    await store.keep(id, Buffer.alloc(bytes), at);
    await store.settle(id);
  }
  await store.sweep(120);
  expect(await Promise.all(['ahead', 'after'].map(store.find))).toEqual(['gone', 'gone']);
  await store.sweep(520);
  expect(await Promise.all(['ahead', 'after'].map(store.find))).toEqual(['gone', 'unknown']);
});

test('the limit removes even a snapshot that is to be uploaded, reports it, and never touches other files', async () => {
  const dir = temporaryFolder();
  const { store } = await openStore(dir);
  await writeFile(join(dir, 'pictures', 'holiday.jpg'), Buffer.alloc(5000));
  for (const [n, id] of ['a', 'b', 'c'].entries()) await store.keep(id, Buffer.alloc(400), n);
  expect(await store.sweep(10)).toEqual(['a']);
  expect((await readdir(join(dir, 'pictures'))).toSorted()).toEqual(['b.jpg', 'c.jpg', 'holiday.jpg']);
});

test('a record without its picture, as a kill leaves it, does not count after a restart', async () => {
  const dir = temporaryFolder();
  const first = await openStore(dir);
  await first.index.put('a', { bytes: 10, takenAt: 1, state: 'kept' });
  await first.index.close();
  const { store } = await openStore(dir);
  expect(store.count).toBe(0);
  expect(await store.find('a')).toBe('gone');
});

test('no picture is kept on a disk that is nearly full', async () => {
  // More than any disk has, so its twentieth counts instead; the picture is larger than the space that is left.
  const { store } = await openStore(temporaryFolder(), { rules: { ...limits, minFreeBytes: 1e18 } });
  const huge = { length: 1e18 } as Buffer;
  await expect(store.keep('a', huge, 1)).rejects.toThrow(/MB are free/);
  expect(store.count).toBe(0);
});

test('a snapshot settled while it is removed does not come back', async () => {
  let settling: Promise<void> | undefined;
  const around = (index: Index): Index => ({
    ...index,
    put(id, record) {
      const written = index.put(id, record);
      if (record.state === 'removed') settling = store.settle(id);
      return written;
    },
  });
  const { store, index } = await openStore(temporaryFolder(), { around });
  await store.keep('a', Buffer.alloc(1100), 1);
  expect(await store.sweep(2)).toEqual(['a']);
  await settling;
  expect(settling).toBeDefined();
  expect(await store.find('a')).toBe('gone');
  expect(store.count).toBe(0);
  expect(await index.read('a')).toMatchObject({ state: 'removed' });
});

test('a snapshot removed while it is settled does not come back', async () => {
  let sweeping: Promise<unknown> | undefined;
  const around = (index: Index): Index => ({
    ...index,
    async put(id, record) {
      if (record.state === 'settled') sweeping = store.sweep(2);
      await index.put(id, record);
      if (record.state === 'settled') await sweeping;
    },
  });
  const { store } = await openStore(temporaryFolder(), { around });
  await store.keep('a', Buffer.alloc(1100), 1);
  await store.settle('a');
  expect(await store.find('a')).toBe('gone');
});

test('a picture that cannot be deleted is still there, and settled if it was settled meanwhile', async () => {
  const dir = temporaryFolder();
  const around = (index: Index): Index => ({
    ...index,
    async put(id, record) {
      if (record.state !== 'removed') return index.put(id, record);
      await store.settle(id);
      throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    },
  });
  const { store } = await openStore(dir, { around });
  await store.keep('a', Buffer.alloc(1100), 1);
  await expect(store.sweep(2)).rejects.toThrow('full');
  expect(store.count).toBe(1);
});

test('a sweep ends early when it is told to stop', async () => {
  const { store } = await openStore(temporaryFolder());
  for (const id of ['a', 'b', 'c']) await store.keep(id, Buffer.alloc(1100), 1);
  expect(await store.sweep(2, AbortSignal.abort())).toEqual([]);
  expect(store.count).toBe(3);
});
