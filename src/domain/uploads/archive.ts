/** A picture to store in an archive. */
export type Deposit = {
  /** absolute within the archive, such as `/kitchen/2026-11-22/….jpg`; made of ids and times only */
  readonly path: string;
  /** the path to use if another picture is at `path`; undefined: such a picture is refused */
  readonly otherPath?: string | undefined;
  readonly bytes: Uint8Array;
  /** seconds since the Unix epoch */
  readonly takenAt: number;
};

/** The archive's answer for one picture. `contentHash` is Dropbox's (4 MiB blocks), for a folder too. */
export type DepositOutcome =
  | { readonly kind: 'stored'; readonly path: string; readonly contentHash: string }
  /** the archive refused this picture: bad name, wrong hash twice, …; whose fault it is, `judgeRefusals` decides */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  /**
   * Nothing is wrong with the picture: try again, not before `waitSeconds` if the archive named a time, and not later than after
   * `retrySeconds`. `refused`: the account, its settings or a proxy has to be changed; `blocked`: the folder, or its disk.
   * `onlyThis`: others may well be stored.
   */
  | {
      readonly kind: 'later';
      readonly why: 'busy' | 'unreachable' | 'auth' | 'refused' | 'blocked' | 'no_space';
      readonly code: string;
      readonly message: string;
      readonly waitSeconds?: number;
      readonly retrySeconds?: number;
      readonly onlyThis?: boolean;
    };

/** What an archive is. */
export type ArchiveKind = 'dropbox' | 'folder';

/** Stores pictures. To store the same bytes at the same path again is harmless. */
export type Archive = {
  readonly kind: ArchiveKind;
  /** Stores 1 to 1,000 pictures and answers for each, in order; throws only for a bug. */
  store(deposits: readonly Deposit[], signal: AbortSignal): Promise<readonly DepositOutcome[]>;
  /** Tries the archive, without a picture; undefined if it is fine, otherwise what is wrong and what to do. */
  check(signal: AbortSignal): Promise<string | undefined>;
};
