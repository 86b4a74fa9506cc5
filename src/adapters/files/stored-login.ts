import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StoredLogin } from '../../runtime/config/config.js';

/** Where the login of the processes that share a data directory lies. */
export function storedLoginPath(dataDir: string): string {
  return join(dataDir, 'dropbox-login.json');
}

/** The login that was stored, or undefined. Throws an error naming the file where it is there but of no use. */
export function readStoredLogin(dataDir: string): StoredLogin | undefined {
  const path = storedLoginPath(dataDir);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new Error(`${path} cannot be read: ${message}`, { cause });
  }
  const { app_key, refresh_token } = parse(text);
  if (typeof app_key === 'string' && typeof refresh_token === 'string') return { app_key, refresh_token };
  throw new Error(`${path} holds no login: delete it, and run "roomwatch login dropbox"`);
}

/** Stores a login in place of an older one, mode 0600, complete or not at all. Gives its path. */
export function writeStoredLogin(dataDir: string, login: StoredLogin): string {
  const path = storedLoginPath(dataDir);
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  writeFileSync(draft, `${JSON.stringify(login, null, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true });
  renameSync(draft, path);
  return path;
}

function parse(text: string): Partial<Record<keyof StoredLogin, unknown>> {
  try {
    return Object(JSON.parse(text)) as Partial<Record<keyof StoredLogin, unknown>>;
  } catch {
    return {};
  }
}
