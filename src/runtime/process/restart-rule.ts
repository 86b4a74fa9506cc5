/** How a child process ended by itself. */
export type ChildEnding = {
  /** undefined where a signal killed it */
  readonly status: number | undefined;
  readonly uptimeSeconds: number;
  /** whether status 0 means that its work is done, and not that somebody else stopped it */
  readonly finishes: boolean;
};

/** What to do about it: leave it, with the status to pass on, or start it again as the `attempt`-th in a row. */
export type ChildVerdict =
  { readonly kind: 'over'; readonly status: number } | { readonly kind: 'again'; readonly attempt: number };

/** A child that fails by itself this soon after the first start never worked: trying again would only repeat the message. */
const startSeconds = 10;
/** A child that ran so long had recovered from whatever ended it before. */
const steadySeconds = 60;

/** Decides about a child that ended; `attempts` counts its restarts in a row so far. */
export function judgeEnding(ending: ChildEnding, attempts: number): ChildVerdict {
  if (ending.status === 0 && ending.finishes) return { kind: 'over', status: 0 };
  // Wrong configuration stays wrong.
  if (ending.status === 2) return { kind: 'over', status: 2 };
  const neverWorked = ending.status === 1 && attempts === 0 && ending.uptimeSeconds < startSeconds;
  if (neverWorked) return { kind: 'over', status: 1 };
  return { kind: 'again', attempt: ending.uptimeSeconds >= steadySeconds ? 1 : attempts + 1 };
}
