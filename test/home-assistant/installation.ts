import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Python } from './python.js';

const run = promisify(execFile);

/** A virtual environment with Home Assistant in it. */
export type Installation = { readonly hass: string; readonly release: string };

/**
 * The newest Home Assistant that fits this Python, from PyPI, in a virtual environment below the user's cache directory that
 * later runs find again. Throws with pip's words where it cannot be had.
 */
export async function install(python: Python): Promise<Installation> {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const environment = join(cache, 'roomwatch', `home-assistant-python-${python.version.join('.')}`);
  const bin = join(environment, 'bin');
  const hass = join(bin, 'hass');
  const there = await access(hass).then(
    () => true,
    () => false,
  );
  if (!there) {
    await run(python.path, ['-m', 'venv', environment]);
    await run(join(bin, 'python'), ['-m', 'pip', 'install', '--quiet', 'uv']);
    await run(join(bin, 'uv'), ['pip', 'install', '--python', join(bin, 'python'), 'homeassistant'], {
      maxBuffer: 2 ** 26,
    });
  }
  const { stdout } = await run(hass, ['--version']);
  return { hass, release: stdout.trim() };
}
