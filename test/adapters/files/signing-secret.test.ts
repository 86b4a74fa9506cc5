import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sharedSigningSecret } from '../../../src/adapters/files/signing-secret.js';

let dir: string;
beforeEach(async () => void (dir = await mkdtemp(join(tmpdir(), 'secret-'))));
afterEach(() => rm(dir, { recursive: true }));

test('processes that start at the same time share one secret, which only their user can read', async () => {
  const data = join(dir, 'data');
  const secrets = await Promise.all(Array.from({ length: 20 }, () => sharedSigningSecret(data)));
  expect(new Set(secrets).size).toBe(1);
  expect(secrets[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(await sharedSigningSecret(data)).toBe(secrets[0]);
  expect((await stat(join(data, 'signing-secret'))).mode & 0o777).toBe(0o600);
  expect(await readdir(data)).toEqual(['signing-secret']);
});

test('an empty file is not accepted as a secret', async () => {
  await writeFile(join(dir, 'signing-secret'), '\n');
  await expect(sharedSigningSecret(dir)).rejects.toThrow(/holds no secret/);
});
