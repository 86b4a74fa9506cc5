import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The secret that signs snapshot URLs where none is configured: read from `signing-secret` in the data directory, or
 * made there (mode 0600). Processes that start at the same time get the same one.
 */
export async function sharedSigningSecret(dataDir: string): Promise<string> {
  const path = join(dataDir, 'signing-secret');
  const found = await readSecret(path);
  if (found !== undefined) return found;

  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const own = `${path}.${randomBytes(6).toString('hex')}`;
  const file = await open(own, 'wx', 0o600);
  try {
    await file.writeFile(`${randomBytes(32).toString('hex')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    // A link, unlike a rename, never replaces what another process has put there meanwhile.
    await link(own, path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
  } finally {
    await unlink(own);
  }
  const secret = await readSecret(path);
  if (secret === undefined) throw new Error(`${path} vanished while it was made`);
  return secret;
}

async function readSecret(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  });
  if (text === undefined) return undefined;
  const secret = text.trim();
  if (secret.length < 32) throw new Error(`${path} holds no secret; delete it and a new one is made`);
  return secret;
}
