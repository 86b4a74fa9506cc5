import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createFileOnce } from './atomic-file.js';
import { hasCode } from './system-error.js';

/**
 * The secret that signs snapshot URLs if none is configured: reads `signing-secret` in the data directory, or makes it
 * (mode 0600). Processes that start at the same time get the same secret.
 */
export async function sharedSigningSecret(dataDir: string): Promise<string> {
  const path = signingSecretPath(dataDir);
  const found = await readSecret(path);
  if (found !== undefined) return found;

  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await createFileOnce(path, `${randomBytes(32).toString('hex')}\n`);
  const secret = await readSecret(path);
  if (secret === undefined) throw new Error(`${path} disappeared while it was made`);
  return secret;
}

/** The file of the secret, as an absolute path. */
export function signingSecretPath(dataDir: string): string {
  return resolve(dataDir, 'signing-secret');
}

async function readSecret(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const secret = text.trim();
  if (secret.length < 32) throw new Error(`${path} holds no secret; delete it and a new one is made`);
  return secret;
}
