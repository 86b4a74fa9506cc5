import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** An interpreter and its version, as `[3, 13, 0]`. */
export type Python = { readonly path: string; readonly version: readonly [number, number, number] };

/** The newest Python of at least 3.12 on the PATH or installed by pyenv; Home Assistant's device discovery needs one. */
export async function findPython(): Promise<Python | undefined> {
  const versions = join(process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'versions');
  const ofPyenv = await readdir(versions).catch(() => []);
  const named = [17, 16, 15, 14, 13, 12].map((minor) => `python3.${minor}`);
  const candidates = [...named, 'python3', ...ofPyenv.map((name) => join(versions, name, 'bin', 'python'))];
  const found = (await Promise.all(candidates.map(ask))).filter((python) => python !== undefined);
  return found
    .filter(({ version: [major, minor] }) => major === 3 && minor >= 12)
    .sort((one, other) => compare(other.version, one.version))[0];
}

async function ask(path: string): Promise<Python | undefined> {
  const code = 'import sys, ensurepip; print(*sys.version_info[:3])';
  const answer = await run(path, ['-c', code], { timeout: 10_000 }).catch(() => undefined);
  const [major, minor, patch] = (answer?.stdout ?? '').trim().split(' ').map(Number);
  if (major === undefined || minor === undefined || patch === undefined) return undefined;
  return { path, version: [major, minor, patch] };
}

function compare(one: readonly number[], other: readonly number[]): number {
  const different = one.findIndex((part, index) => part !== other[index]);
  return different === -1 ? 0 : (one[different] ?? 0) - (other[different] ?? 0);
}
