import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StoredLogin } from '../../runtime/config/config.js';
import { parseJsonObject } from '../../domain/contract/read-json.js';
import { replaceFileSync } from './atomic-file.js';
import { hasCode } from './system-error.js';

/** Path of the login that all processes with this data directory share. */
export function storedLoginPath(dataDir: string): string {
  return join(dataDir, 'dropbox-login.json');
}

/** The stored login, or undefined if there is none. Throws an error that names the file if it is there but unusable. */
export function readStoredLogin(dataDir: string): StoredLogin | undefined {
  const path = storedLoginPath(dataDir);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    if (hasCode(cause, 'ENOENT', 'ENOTDIR')) return undefined;
    throw new Error(`${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
  const { app_key, refresh_token } = parseJsonObject(text);
  if (typeof app_key === 'string' && typeof refresh_token === 'string') return { app_key, refresh_token };
  throw new Error(`${path} holds no login: delete it, and run "roomwatch login dropbox"`);
}

/** Stores a login in place of an older one, mode 0600, completely or not at all. Returns its path. */
export function writeStoredLogin(dataDir: string, login: StoredLogin): string {
  const path = storedLoginPath(dataDir);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  replaceFileSync(path, `${JSON.stringify(login, null, 2)}\n`);
  return path;
}
