import { setTimeout as sleep } from 'node:timers/promises';

/** Waits; resolves early, without an error, once `signal` is aborted. */
export async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  // A timer runs for 24 days at most.
  await sleep(Math.min(seconds, 1_000_000) * 1000, undefined, { signal }).catch(() => undefined);
}
