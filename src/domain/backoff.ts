/** How the pauses between attempts grow. */
export type Backoff = {
  readonly floorSeconds: number;
  readonly ceilingSeconds: number;
  /** share of the pause that is random (0 to 1), so that many clients do not all come back at the same moment */
  readonly jitter: number;
};

/**
 * The pause after the `attempt`-th failure in a row (from 1): it doubles from the floor to the ceiling; the jitter then
 * shortens it.
 * @param random a number from 0 (the full pause) to 1
 */
export function backoffSeconds(attempt: number, rule: Backoff, random: number): number {
  const full = Math.min(rule.ceilingSeconds, rule.floorSeconds * 2 ** Math.min(attempt - 1, 30));
  return full * (1 - rule.jitter * random);
}
