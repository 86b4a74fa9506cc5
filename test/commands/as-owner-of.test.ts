import { chownSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { asOwnerOf } from '../../src/commands/as-owner-of.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const asRoot = process.getuid?.() === 0;

test.runIf(asRoot)('what root does for a folder belongs to its owner, and root is root again', async () => {
  const folder = temporaryFolder();
  chownSync(folder, 4321, 4322);
  const file = join(folder, 'file');
  await asOwnerOf(join(folder, 'not', 'there'), () => Promise.resolve(writeFileSync(file, '')));
  await expect(asOwnerOf(folder, () => Promise.reject(new Error('in vain')))).rejects.toThrow('in vain');
  expect(statSync(file)).toMatchObject({ uid: 4321, gid: 4322 });
  expect([process.geteuid?.(), process.getegid?.()]).toEqual([0, statSync('/').gid]);
});

test('for anybody else it is just done', async () => {
  expect(await asOwnerOf(undefined, () => Promise.resolve('done'))).toBe('done');
});
