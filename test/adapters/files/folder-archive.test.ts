import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { contentHash } from '../../../src/adapters/files/content-hash.js';
import { createFolderArchive } from '../../../src/adapters/files/folder-archive.js';

const { signal } = new AbortController();
let home: string;
let folder: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'roomwatch-folder-'));
  folder = join(home, 'made/on demand');
});
afterEach(() => rm(home, { recursive: true, force: true }));

function deposit(path: string, content: string, otherPath?: string) {
  return { path, otherPath, bytes: Buffer.from(content), takenAt: 0 };
}

const files = async () =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length))
    .sort();

test('a picture is stored, readable by its owner only, with its hash', async () => {
  const archive = createFolderArchive({ folder, owner: 'uploader' });
  const outcomes = await archive.store([deposit('/kitchen/2026-11-22/a.jpg', 'abc')], signal);
  expect(outcomes).toEqual([
    { kind: 'stored', path: '/kitchen/2026-11-22/a.jpg', contentHash: contentHash(Buffer.from('abc')) },
  ]);
  const stored = join(folder, 'kitchen/2026-11-22/a.jpg');
  expect(await readFile(stored, 'utf8')).toBe('abc');
  expect((await stat(stored)).mode & 0o777).toBe(0o600);
  expect((await stat(join(folder, 'kitchen'))).mode & 0o777).toBe(0o700);
  expect(await files()).toEqual(['/kitchen/2026-11-22/a.jpg']);
});

test('the same bytes at the same path again make no second file', async () => {
  const archive = createFolderArchive({ folder, owner: 'uploader' });
  const twice = [deposit('/a.jpg', 'abc'), deposit('/a.jpg', 'abc')];
  for (const outcome of [...(await archive.store(twice, signal)), ...(await archive.store(twice, signal))]) {
    expect(outcome.kind).toBe('stored');
  }
  expect(await files()).toEqual(['/a.jpg']);
});

test('another file is never replaced: the picture gets the other path, or is refused', async () => {
  const archive = createFolderArchive({ folder, owner: 'uploader' });
  await archive.store([deposit('/a.jpg', 'abc')], signal);
  const deposits = [
    deposit('/a.jpg', 'xyz'),
    deposit('/a.jpg', 'xyz', '/a 2.jpg'),
    deposit('/a.jpg', 'longer', '/a 2.jpg'),
  ];
  const round = () => archive.store(deposits, signal);
  expect((await archive.store(deposits.slice(0, 2), signal)).map((outcome) => outcome.kind)).toEqual([
    'refused',
    'stored',
  ]);
  for (const outcomes of [await round(), await round()]) {
    expect(outcomes).toMatchObject([
      { kind: 'refused', code: 'conflict' },
      { kind: 'stored', path: '/a 2.jpg' },
      { kind: 'refused', code: 'conflict' },
    ]);
  }
  expect(await readFile(join(folder, 'a.jpg'), 'utf8')).toBe('abc');
});

test('one batch with several pictures for one name: one gets the name, the others go beside it', async () => {
  const archive = createFolderArchive({ folder, owner: 'uploader' });
  const deposits = ['one', 'two', 'three'].map((content) => deposit('/now.jpg', content, `/now ${content}.jpg`));
  const outcomes = await archive.store(deposits, signal);
  expect(outcomes.every((outcome) => outcome.kind === 'stored')).toBe(true);
  expect(new Set(outcomes.map((outcome) => outcome.kind === 'stored' && outcome.path)).size).toBe(3);
  expect(await files()).toHaveLength(3);
});

const inTheWay = [
  ['a folder at the name', (at: string) => mkdir(join(at, 'kitchen/a.jpg'), { recursive: true }), 'conflict'],
  ['a file where a folder is needed', (at: string) => writeFile(join(at, 'kitchen'), 'mine'), 'blocked_folder'],
] as const;

test.each(inTheWay)('%s concerns only that picture', async (_what, prepare, code) => {
  const archive = createFolderArchive({ folder, owner: 'uploader' });
  await mkdir(folder, { recursive: true });
  await prepare(folder);
  const outcomes = await archive.store([deposit('/kitchen/a.jpg', 'abc'), deposit('/hall/a.jpg', 'abc')], signal);
  expect(outcomes).toMatchObject([{ code }, { kind: 'stored' }]);
});

test('two uploaders on one folder never overwrite each other', async () => {
  const names = Array.from({ length: 100 }, (_, index) => `/shared/${index}`);
  const [mine, yours] = await Promise.all(
    ['mine', 'yours'].map((owner) =>
      createFolderArchive({ folder, owner }).store(
        names.map((name) => deposit(name, `${owner}, ${name}`, `${name} ${owner}`)),
        signal,
      ),
    ),
  );
  for (const [owner, outcomes] of Object.entries({ mine, yours })) {
    for (const [index, outcome] of (outcomes ?? []).entries()) {
      if (outcome.kind !== 'stored') throw new Error(`not stored: ${outcome.message}`);
      expect(await readFile(join(folder, outcome.path), 'utf8')).toBe(`${owner}, ${names[index]}`);
    }
  }
  expect(await files()).toHaveLength(200);
});

test.each(['/../a.jpg', '/x/../../a.jpg', '/..'])('%s does not leave the folder', async (path) => {
  const archive = createFolderArchive({ folder, owner: 'uploader' });
  const outcomes = await archive.store([deposit(path, 'abc')], signal);
  expect(outcomes).toMatchObject([{ kind: 'refused', code: 'malformed_path' }]);
  expect(await files()).toEqual([]);
});

test('drafts that a killed process left are deleted, those of another uploader are not', async () => {
  for (const owner of ['me', 'other']) {
    await mkdir(join(folder, `.incoming-${owner}`), { recursive: true });
    await writeFile(join(folder, `.incoming-${owner}`, '0'), 'half');
  }
  await createFolderArchive({ folder, owner: 'me' }).store([deposit('/a.jpg', 'abc')], signal);
  expect(await files()).toEqual(['/.incoming-other/0', '/a.jpg']);
});

test('a folder that cannot be used costs no picture', async () => {
  await writeFile(join(home, 'made'), 'a file');
  const archive = createFolderArchive({ folder, owner: 'uploader' });
  expect(await archive.store([deposit('/a.jpg', 'abc'), deposit('/b.jpg', 'abc')], signal)).toMatchObject([
    { kind: 'later', why: 'blocked', code: 'blocked_folder' },
    { kind: 'later', why: 'blocked', code: 'blocked_folder' },
  ]);
  expect(await archive.check(signal)).toContain(folder);
  await rm(join(home, 'made'));
  expect(await archive.check(signal)).toBeUndefined();
  expect(await archive.store([deposit('/a.jpg', 'abc')], signal)).toMatchObject([{ kind: 'stored' }]);
});

const blockers = [
  ['a link that leads nowhere', () => symlink(join(home, 'stick'), join(home, 'made')), '', 'not_mounted'],
  [
    'a disk that is not mounted',
    () => Promise.resolve(),
    (at: string) => `/dev/sda1 ${at} ext4 nofail 0 0`,
    'not_mounted',
  ],
] as const;

test.each(blockers)(
  '%s in place of the folder: nothing is written, and the message names it',
  async (_, prepare, line, code) => {
    await prepare();
    const fstab = line === '' ? '' : line(join(home, 'made'));
    const archive = createFolderArchive({ folder, owner: 'uploader', fstab });
    const outcomes = await archive.store([deposit('/a.jpg', 'abc')], signal);
    expect(outcomes).toMatchObject([{ kind: 'later', why: 'blocked', code, retrySeconds: 45 }]);
    expect(await archive.check(signal)).toContain(join(home, 'made'));
    await expect(stat(folder)).rejects.toThrow('ENOENT');
  },
);

test('a stop leaves the rest for later', async () => {
  const archive = createFolderArchive({ folder, owner: 'uploader' });
  const outcomes = await archive.store([deposit('/a.jpg', 'abc')], AbortSignal.abort());
  expect(outcomes).toMatchObject([{ kind: 'later', code: 'stopped' }]);
  expect(await files()).toEqual([]);
});

test('a thousand pictures in one batch', async () => {
  const archive = createFolderArchive({ folder, owner: 'uploader' });
  const many = Array.from({ length: 1000 }, (_, index) => deposit(`/${index % 3}/${index}.jpg`, `picture ${index}`));
  const outcomes = await archive.store(many, signal);
  expect(outcomes.map((outcome) => outcome.kind === 'stored' && outcome.path)).toEqual(many.map(({ path }) => path));
  expect(await files()).toHaveLength(1000);
});
