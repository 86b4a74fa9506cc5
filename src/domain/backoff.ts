/** How pauses grow between attempts. */
export type Backoff = {
  readonly floorSeconds: number;
  readonly ceilingSeconds: number;
  /** share of the pause that is left to chance, so that many clients do not come back together */
  readonly jitter: number;
};

/** The pause after the `attempt`-th failure in a row (from 1): doubling from the floor to the ceiling, less some chance. */
export function backoffSeconds(attempt: number, rule: Backoff, random: () => number = Math.random): number {
  const full = Math.min(rule.ceilingSeconds, rule.floorSeconds * 2 ** Math.min(attempt - 1, 30));
  return full * (1 - rule.jitter * random());
}
