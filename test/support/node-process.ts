import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** What a process said and how it ended. */
export type Ending = { readonly status: number | string; readonly stdout: string; readonly stderr: string };

/** Starts a Node process that is killed when the test ends, should it still run. */
export function startNode(args: readonly string[], options: SpawnOptions = {}): ChildProcess {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** Waits for the end of a process; status is its exit status, or the signal that ended it. */
export async function ending(child: ChildProcess): Promise<Ending> {
  const [[code, signal], stdout, stderr] = await Promise.all([
    once(child, 'exit') as Promise<[number | null, string | null]>,
    child.stdout === null ? '' : text(child.stdout),
    child.stderr === null ? '' : text(child.stderr),
  ]);
  return { status: code ?? signal ?? 'unknown', stdout, stderr };
}
