import { setTimeout as sleep } from 'node:timers/promises';

/** Waits; ends early, without an error, once `signal` is aborted. */
export async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  // A timer knows 24 days at most.
  await sleep(Math.min(seconds, 1_000_000) * 1000, undefined, { signal }).catch(() => undefined);
}
