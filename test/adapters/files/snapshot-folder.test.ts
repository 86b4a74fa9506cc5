import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keptSnapshot, openSnapshotFolder } from '../../../src/adapters/files/snapshot-folder.js';
import { openSpool } from '../../../src/adapters/files/spool.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const limits = { keepSeconds: 100, maxBytes: 1000, floorBytes: 0, rememberSeconds: 500 };

async function openStore(dir: string) {
  const index = await openSpool(join(dir, 'index'), keptSnapshot);
  return { index, store: await openSnapshotFolder(join(dir, 'pictures'), index, limits) };
}

test('a kept picture is found again after a restart, byte for byte, for its owner only', async () => {
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

test('age removes what is settled, then says that it is gone, and at last forgets it', async () => {
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

test('what was removed is still known to be gone after a restart, and is forgotten in its time', async () => {
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

test('a picture of a clock that was ahead keeps no other from being forgotten', async () => {
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

test('the limit forces even what is to be uploaded, says so, and leaves strangers alone', async () => {
  const dir = temporaryFolder();
  const { store } = await openStore(dir);
  await writeFile(join(dir, 'pictures', 'holiday.jpg'), Buffer.alloc(5000));
  for (const [n, id] of ['a', 'b', 'c'].entries()) await store.keep(id, Buffer.alloc(400), n);
  expect(await store.sweep(10)).toEqual(['a']);
  expect((await readdir(join(dir, 'pictures'))).toSorted()).toEqual(['b.jpg', 'c.jpg', 'holiday.jpg']);
});

test('a record without its picture, as a kill leaves it, counts for nothing after a restart', async () => {
  const dir = temporaryFolder();
  const first = await openStore(dir);
  await first.index.put('a', { bytes: 10, takenAt: 1, state: 'kept' });
  await first.index.close();
  const { store } = await openStore(dir);
  expect(store.count).toBe(0);
  expect(await store.find('a')).toBe('gone');
});

test('nothing is kept on a disk that is nearly full', async () => {
  const dir = temporaryFolder();
  const index = await openSpool(join(dir, 'index'), keptSnapshot);
  // As much room as no disk has: its twentieth counts instead, and the picture is larger than what is left.
  const store = await openSnapshotFolder(join(dir, 'pictures'), index, { ...limits, floorBytes: 1e18 });
  const huge = { length: 1e18 } as Buffer;
  await expect(store.keep('a', huge, 1)).rejects.toThrow(/MB are free/);
  expect(store.count).toBe(0);
});
