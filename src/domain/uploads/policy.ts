import type { DepositOutcome } from './archive.js';
import { type Backoff, backoffSeconds } from '../backoff.js';
import type { UploaderStatus, UploadResult } from '../contract/payloads.js';

/** The outcome of one attempt to download and store a snapshot. */
export type Attempt =
  | DepositOutcome
  /** the detector itself says that it does not have it (any more) */
  | { readonly kind: 'gone'; readonly message: string }
  /** the detector does not have it any more, and says that another uploader has archived it in the same place */
  | { readonly kind: 'archived' }
  /** any other answer, or none; `host`: none of the snapshots of this detector can be downloaded now */
  | {
      readonly kind: 'failed';
      readonly code: 'unreachable' | 'broken_transfer' | 'wrong_bytes' | 'forbidden' | 'refused_download';
      readonly message: string;
      readonly host: boolean;
    };

/** The state of a snapshot between attempts. */
export type Task = {
  /** attempts with an outcome, of whatever kind */
  readonly attempts: number;
  /** earliest time of the next attempt, in seconds */
  readonly notBefore: number;
};

/** A snapshot before its first attempt: due at once. */
export const newTask: Task = { attempts: 0, notBefore: 0 };

type Trouble = NonNullable<UploadResult['error']>;
type Later = Extract<DepositOutcome, { kind: 'later' }>;

/** What to do with a snapshot after an attempt: report its end, or try again, or nothing more. */
export type Step =
  | { readonly kind: 'ended'; readonly result: UploadResult['result']; readonly error: Trouble | null }
  | { readonly kind: 'again'; readonly task: Task; readonly error: Trouble }
  | { readonly kind: 'dropped' };

const taskPauses: Backoff = { floorSeconds: 2, ceilingSeconds: 300, jitter: 0.25 };

/**
 * Decides about one snapshot after an attempt. Only what can never succeed ends it: `rejected` if something is wrong with
 * the snapshot, `lost` if its detector says that it is not there any more. What a proxy, a stranger at the detector's address,
 * an old URL or another secret can cause is tried again, until the detector announces a URL that works.
 * @param task with this attempt counted
 * @param random from 0 to 1, for the jitter
 */
export function nextStep(task: Task, attempt: Attempt, now: number, random: number): Step {
  const again = (code: string, message: string, seconds: number): Step => {
    return { kind: 'again', task: { ...task, notBefore: now + seconds }, error: { code, message } };
  };
  const growing = backoffSeconds(task.attempts, taskPauses, random);
  switch (attempt.kind) {
    case 'stored':
      return { kind: 'ended', result: 'uploaded', error: null };
    case 'refused':
      return { kind: 'ended', result: 'rejected', error: { code: attempt.code, message: attempt.message } };
    case 'gone':
      return { kind: 'ended', result: 'lost', error: { code: 'gone', message: attempt.message } };
    case 'archived':
      return { kind: 'dropped' };
    case 'failed':
      // If the whole host is away, the schedule pauses the host instead.
      return again(attempt.code, attempt.message, attempt.host ? 0 : growing);
    case 'later':
      return again(attempt.code, attempt.message, waitOf(attempt, growing));
  }
}

function waitOf({ why, waitSeconds = 1, retrySeconds = Infinity }: Later, growing: number): number {
  return why === 'busy' ? waitSeconds : Math.min(growing / 2, retrySeconds);
}

/** Whether the archive takes pictures. `blocked` is published as `backing_off`, but only a person can end it. */
export type ArchiveState = {
  readonly state: 'fine' | 'backing_off' | 'blocked' | 'auth_error' | 'no_space';
  /** rounds in a row in which nothing could be stored */
  readonly failures: number;
  /** earliest time of the next round, in seconds */
  readonly notBefore: number;
};

/** An archive that stored the last picture, or was not asked yet. */
export const initialArchiveState: ArchiveState = { state: 'fine', failures: 0, notBefore: 0 };

const archivePauses: Readonly<Record<Later['why'], Backoff>> = {
  busy: { floorSeconds: 1, ceilingSeconds: 300, jitter: 0.25 },
  unreachable: { floorSeconds: 1, ceilingSeconds: 300, jitter: 0.25 },
  // Frequent attempts help with neither, and a full account must not use up the uplink.
  auth: { floorSeconds: 60, ceilingSeconds: 1800, jitter: 0.1 },
  // A person mends it, and then looks whether the pictures arrive.
  refused: { floorSeconds: 5, ceilingSeconds: 600, jitter: 0.1 },
  blocked: { floorSeconds: 5, ceilingSeconds: 600, jitter: 0.1 },
  no_space: { floorSeconds: 60, ceilingSeconds: 1800, jitter: 0.1 },
};

/** `auth_error`: only a person can change it. */
const stateAfter: Readonly<Record<keyof typeof archivePauses, ArchiveState['state']>> = {
  ...{ busy: 'backing_off', unreachable: 'backing_off' },
  ...{ auth: 'auth_error', refused: 'auth_error', blocked: 'blocked', no_space: 'no_space' },
};

/**
 * The archive's state after a round of snapshots.
 * @param random from 0 to 1, for the jitter
 */
export function nextArchiveState(
  before: ArchiveState,
  outcomes: readonly DepositOutcome[],
  now: number,
  random: number,
): ArchiveState {
  // What may concern one picture only does not stop an archive that works, and does not show that it works again.
  const refusals = outcomes.flatMap((outcome) =>
    outcome.kind === 'later' && (outcome.onlyThis !== true || before.failures > 0) ? [outcome] : [],
  );
  const worst = refusals.find(({ why }) => why !== 'busy' && why !== 'unreachable') ?? refusals[0];
  const requestedSeconds = Math.max(0, ...refusals.map(({ waitSeconds }) => waitSeconds ?? 0));
  // An archive that stores one picture can store the next; a picture that it did not take waits by itself.
  if (worst === undefined || outcomes.some(({ kind }) => kind === 'stored')) {
    if (requestedSeconds === 0) return initialArchiveState;
    return { state: 'backing_off', failures: 0, notBefore: now + requestedSeconds };
  }
  const failures = before.failures + 1;
  const seconds = Math.max(
    requestedSeconds * (1 + 0.25 * random),
    Math.min(backoffSeconds(failures, archivePauses[worst.why], random), worst.retrySeconds ?? Infinity),
  );
  return { state: stateAfter[worst.why], failures, notBefore: now + seconds };
}

/** The state that the uploader publishes (docs/contract.md §3.5). */
export function uploaderState({ state }: ArchiveState, busy: boolean, queued: number): UploaderStatus['state'] {
  if (state === 'auth_error' || state === 'no_space') return state;
  if (queued === 0) return 'idle';
  if (state === 'backing_off' || state === 'blocked') return 'backing_off';
  return busy ? 'uploading' : 'backing_off';
}
