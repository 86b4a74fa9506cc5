import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { startNode } from './node-process.js';

/** The compiled program; `npm test` compiles it first. */
export const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
export const sampleClip = fileURLToPath(new URL('../../assets/sample.mp4', import.meta.url));

/** Starts `roomwatch <args>` with nothing configured but `settings`: `ROOMWATCH_…` variables without that prefix. */
export function startRoomwatch(
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
  options: Pick<SpawnOptions, 'uid' | 'gid'> = {},
): ChildProcess {
  const configured = Object.entries(settings).map(([name, value]) => [`ROOMWATCH_${name}`, value]);
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('ROOMWATCH_'));
  return startNode([cli, ...args], {
    env: Object.fromEntries([...others, ...configured]) as NodeJS.ProcessEnv,
    ...options,
  });
}

/** A folder that is gone when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'roomwatch-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
