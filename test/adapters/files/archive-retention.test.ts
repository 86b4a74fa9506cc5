import { mkdir, readdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { tidyArchive } from '../../../src/adapters/files/archive-retention.js';
import { ownPath } from '../../../src/domain/uploads/own-path.js';
import { temporaryFolder } from '../../support/roomwatch.js';

const now = Date.parse('2026-11-26T12:00:00Z') / 1000;
const day = 24 * 3600;
const { signal } = new AbortController();
let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});

const name = (n: number) => `kitchen/2026-11-2${n}/10-15-30.123Z-01900000-0000-7000-8000-00000000000${n}.jpg`;
async function put(path: string, daysAgo: number, bytes = 1000): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), Buffer.alloc(bytes));
  await utimes(join(folder, path), now - daysAgo * day, now - daysAgo * day);
}
const files = async () =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
const tidy = (limits: { keepDays?: number; maxGigabytes?: number }, pattern = '{room}/{date}/{time}-{id}.jpg') =>
  tidyArchive({ folder, isOurs: ownPath(pattern), ...limits }, now, signal);

test('removes what is older, with the folders that get empty, and nothing else', async () => {
  const foreign = [
    'holiday.jpg',
    'kitchen/2026-11-21/note.txt',
    'kitchen/2026-11-21/10-15-30.123Z.jpg',
    `best/${name(1)}`,
  ];
  for (const path of [...foreign, name(1), name(2), name(3)]) await put(path, path === name(3) ? 9 : 11);
  await symlink(join(folder, 'holiday.jpg'), join(folder, name(4).replace('24/', '23/')));
  expect(await tidy({ keepDays: 10 })).toMatchObject({ removed: 2, bytes: 1000, weekBytes: 0 });
  expect(await files()).toEqual([...foreign, name(3), name(4).replace('24/', '23/')].sort());
  expect(await readdir(join(folder, 'kitchen'))).toEqual(['2026-11-21', '2026-11-23']);
});

test('removes the oldest beyond the size, and no more', async () => {
  for (let n = 1; n <= 5; n += 1) await put(name(n), 6 - n);
  await put('holiday.jpg', 900, 50_000);
  expect(await tidy({ maxGigabytes: 3e-6 })).toMatchObject({ removed: 2, bytes: 3000 });
  expect(await files()).toEqual(['holiday.jpg', name(3), name(4), name(5)].sort());
});

test('of pictures of one hour, too, only the oldest go', async () => {
  for (let n = 1; n <= 5; n += 1) await put(name(n), 1 - n / 10_000);
  expect(await tidy({ maxGigabytes: 3.5e-6 })).toMatchObject({ removed: 2 });
  expect(await files()).toEqual([name(3), name(4), name(5)]);
});

test('keeps everything without limits, and what was archived without a clock', async () => {
  for (let n = 1; n <= 3; n += 1) await put(name(n), n * 100);
  expect(await tidy({})).toMatchObject({ removed: 0, bytes: 3000 });
  await put(name(4), 20_000);
  expect(await tidy({ keepDays: 1000 })).toMatchObject({ removed: 0 });
});

test("knows the tutorial's names, and those of other zones", async () => {
  await put('Sunday 22 November 2026 10:15:30AM.jpg', 11);
  await put('Sunday 22 November 2026 10:15:30AM 0123456789ab.jpg', 11);
  await put('Sunday at the lake.jpg', 11);
  expect(await tidy({ keepDays: 10 }, 'tutorial')).toMatchObject({ removed: 2 });
  const berlin = name(1).replace('Z', '+0100');
  await put(berlin, 11);
  expect(await tidy({ keepDays: 10 })).toMatchObject({ removed: 1 });
});

test('a folder that is missing is empty', async () => {
  folder = join(folder, 'missing');
  expect(await tidy({ keepDays: 1 })).toMatchObject({ removed: 0, bytes: 0 });
});
