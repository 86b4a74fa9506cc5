import { setTimeout as sleep } from 'node:timers/promises';

/** How pauses grow between attempts. */
export type Backoff = {
  readonly floorSeconds: number;
  readonly ceilingSeconds: number;
  /** share of the pause that is left to chance, so that many clients do not come back together */
  readonly jitter: number;
};

/** The pause after the `attempt`-th failure in a row (from 1): doubling from the floor to the ceiling, then jitter off it. */
export function backoffSeconds(attempt: number, rule: Backoff, random: () => number = Math.random): number {
  const full = Math.min(rule.ceilingSeconds, rule.floorSeconds * 2 ** Math.min(attempt - 1, 30));
  return Math.max(rule.floorSeconds * (1 - rule.jitter), full * (1 - rule.jitter * random()));
}

/** Waits; ends early, without an error, once `signal` is aborted. */
export async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  await sleep(seconds * 1000, undefined, { signal }).catch(() => undefined);
}
