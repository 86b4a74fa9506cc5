/** One picture on its way into an archive. */
export type Deposit = {
  /** absolute within the archive, `/kitchen/2026-11-22/….jpg`; made from ids and times only */
  readonly path: string;
  /** where to store it instead when another picture stands at `path`; without it that is a refusal */
  readonly otherPath?: string | undefined;
  readonly bytes: Uint8Array;
  /** seconds since the Unix epoch */
  readonly takenAt: number;
};

/** What became of it. `contentHash` is Dropbox's (4 MiB blocks), for a folder too. */
export type DepositOutcome =
  | { readonly kind: 'stored'; readonly path: string; readonly contentHash: string }
  /** this picture never will be stored: bad name, wrong hash twice, ... */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  /** nothing is wrong with the picture: try again, not before `waitSeconds` where the archive named a time */
  | {
      readonly kind: 'later';
      readonly why: 'busy' | 'unreachable' | 'auth' | 'no_space';
      readonly code: string;
      readonly message: string;
      readonly waitSeconds?: number;
    };

/** Where pictures go. Storing the same bytes at the same path again is harmless. */
export type Archive = {
  readonly kind: 'dropbox' | 'folder';
  /** Stores 1 to 1,000 pictures and answers for each in order; throws only for a bug. */
  store(deposits: readonly Deposit[], signal: AbortSignal): Promise<readonly DepositOutcome[]>;
  /** Tries the archive without writing; undefined when fine, else what is wrong and what to do. */
  check(signal: AbortSignal): Promise<string | undefined>;
};
