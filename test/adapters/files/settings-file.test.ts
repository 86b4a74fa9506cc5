import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSettingsFile } from '../../../src/adapters/files/settings-file.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

test('saved settings are loaded again; only their owner can read them', async () => {
  const path = join(temporaryFolder(), 'settings.json');
  const file = openSettingsFile(path);
  expect(await file.load()).toEqual({});
  await file.save({ armed: false });
  expect(await openSettingsFile(path).load()).toEqual({ armed: false });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('a torn file counts as empty', async () => {
  const path = join(temporaryFolder(), 'settings.json');
  await writeFile(path, '{"arm');
  expect(await openSettingsFile(path).load()).toEqual({});
});
