import { chmodSync, chownSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createFolderArchive } from '../../src/adapters/files/folder-archive.js';
import { asServiceUser, serviceAccount } from '../../src/commands/as-services.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const asRoot = process.getuid?.() === 0;

test.runIf(asRoot)('what root does for a data directory belongs to its owner, and root is root again', async () => {
  const dataDir = temporaryFolder();
  chownSync(dataDir, 4321, 4322);
  const file = join(dataDir, 'file');
  const below = join(dataDir, 'not', 'there');
  await asServiceUser({ dataDir: below }, () => Promise.resolve(writeFileSync(file, '')));
  await expect(asServiceUser({ dataDir }, () => Promise.reject(new Error('in vain')))).rejects.toThrow('in vain');
  expect(statSync(file)).toMatchObject({ uid: 4321, gid: 4322 });
  expect([process.geteuid?.(), process.getegid?.()]).toEqual([0, statSync('/').gid]);
});

test.runIf(asRoot)('a folder of root is none for the pictures of another user, although root tries it', async () => {
  const dataDir = temporaryFolder();
  chownSync(dataDir, 4321, 4322);
  chmodSync(dataDir, 0o755);
  const folder = join(dataDir, 'pictures');
  mkdirSync(folder);
  const { check } = createFolderArchive({ folder, owner: 'me' });
  const { signal } = new AbortController();
  expect(await asServiceUser({ dataDir }, () => check(signal))).toContain(
    `${folder} cannot be written: ${folder} belongs to user 0, and this is user 4321: sudo chown 4321:4322 ${folder}`,
  );
  expect(await check(signal)).toBeUndefined();
});

test('for anybody else it is just done', async () => {
  expect(await asServiceUser({ dataDir: undefined }, () => Promise.resolve('done'))).toBe('done');
});

test("only configurations of the Debian package's services have their user", () => {
  expect(serviceAccount(undefined)).toBeUndefined();
  expect(serviceAccount('roomwatch.yaml')).toBeUndefined();
});
