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

/**
 * Waits for the end of a process, which may be in the past; status is its exit status, or the signal that ended it. What it
 * wrote before this call is missing if something else read it.
 */
export async function ending(child: ChildProcess): Promise<Ending> {
  // A process ends once: its event does not come again.
  const over = child.exitCode !== null || child.signalCode !== null;
  const [[code, signal], stdout, stderr] = await Promise.all([
    over ? [child.exitCode, child.signalCode] : (once(child, 'exit') as Promise<[number | null, string | null]>),
    child.stdout === null ? '' : text(child.stdout),
    child.stderr === null ? '' : text(child.stderr),
  ]);
  return { status: code ?? signal ?? 'unknown', stdout, stderr };
}
