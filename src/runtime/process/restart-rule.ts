/** How a child process ended without being stopped. */
export type ChildEnding = {
  /** the exit status; undefined if a signal killed it */
  readonly status: number | undefined;
  readonly uptimeSeconds: number;
  /** whether status 0 means that its work is done, not that another program stopped it */
  readonly finishes: boolean;
  /** whether it is started again although it failed at once */
  readonly keepsTrying?: boolean;
};

/** What to do: pass on the status, or start it again, for the `attempt`-th time in a row. */
export type ChildVerdict =
  { readonly kind: 'over'; readonly status: number } | { readonly kind: 'again'; readonly attempt: number };

/** A child that fails this soon after its first start cannot work: another start would only repeat the message. */
const startSeconds = 10;
/** A child that ran for this long had recovered from the cause of its previous end. */
const steadySeconds = 60;

/** Decides what to do about a child that ended; `attempts` counts its restarts in a row so far. */
export function judgeEnding(ending: ChildEnding, attempts: number): ChildVerdict {
  if (ending.status === 0 && ending.finishes) return { kind: 'over', status: 0 };
  // A wrong configuration stays wrong.
  if (ending.status === 2) return { kind: 'over', status: 2 };
  const neverWorked = ending.status === 1 && attempts === 0 && ending.uptimeSeconds < startSeconds;
  if (neverWorked && ending.keepsTrying !== true) return { kind: 'over', status: 1 };
  return { kind: 'again', attempt: ending.uptimeSeconds >= steadySeconds ? 1 : attempts + 1 };
}
