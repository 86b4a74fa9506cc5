import type { DepositOutcome } from './archive.js';
import { type Backoff, backoffSeconds } from '../backoff.js';
import type { UploaderStatus, UploadResult } from '../contract/payloads.js';

/** What one try to get a snapshot and to store it came to. */
export type Attempt =
  | DepositOutcome
  /** the detector knows it no longer, or never did */
  | { readonly kind: 'gone'; readonly message: string }
  /** the detector refuses the URL */
  | { readonly kind: 'forbidden'; readonly message: string }
  /** other bytes than were announced */
  | { readonly kind: 'corrupt'; readonly message: string }
  /** no usable answer from the detector; `host` where none of its snapshots can be had now */
  | { readonly kind: 'unreachable'; readonly message: string; readonly host: boolean };

/** What is remembered of a snapshot between tries. */
export type Task = {
  /** tries that came to something */
  readonly attempts: number;
  readonly corrupt: number;
  readonly notBefore: number;
};

/** A snapshot that was not tried yet: due at once. */
export const freshTask: Task = { attempts: 0, corrupt: 0, notBefore: 0 };

type Trouble = NonNullable<UploadResult['error']>;

/** What to do next: say how it ended, or try again. */
export type Step =
  | { readonly kind: 'ended'; readonly result: UploadResult['result']; readonly error: Trouble | null }
  | { readonly kind: 'again'; readonly task: Task; readonly error: Trouble };

const taskPauses: Backoff = { floorSeconds: 2, ceilingSeconds: 300, jitter: 0.25 };

/**
 * Decides about one snapshot after a try. Only what can never succeed ends it: `rejected` for what is wrong with the
 * snapshot, `lost` for what is not there any more.
 * @param task with this try counted
 * @param expires when the URL ends to be good, in seconds
 */
export function nextStep(task: Task, attempt: Attempt, now: number, expires: number): Step {
  const again = (code: string, message: string, seconds: number, more: Partial<Task> = {}): Step => {
    return { kind: 'again', task: { ...task, ...more, notBefore: now + seconds }, error: { code, message } };
  };
  const growing = backoffSeconds(task.attempts, taskPauses, Math.random());
  switch (attempt.kind) {
    case 'stored':
      return { kind: 'ended', result: 'uploaded', error: null };
    case 'refused':
      return { kind: 'ended', result: 'rejected', error: { code: attempt.code, message: attempt.message } };
    case 'gone':
      return { kind: 'ended', result: 'lost', error: { code: 'gone', message: attempt.message } };
    case 'forbidden':
      if (now > expires) return { kind: 'ended', result: 'lost', error: { code: 'expired', message: attempt.message } };
      return { kind: 'ended', result: 'rejected', error: { code: 'forbidden', message: attempt.message } };
    case 'corrupt':
      if (task.corrupt === 0) return again('wrong_hash', attempt.message, 1, { corrupt: 1 });
      return { kind: 'ended', result: 'rejected', error: { code: 'wrong_hash', message: attempt.message } };
    case 'unreachable':
      if (now > expires) return { kind: 'ended', result: 'lost', error: { code: 'expired', message: attempt.message } };
      // Where all of a host is away its pause is the host's (see Pauses).
      return again('unreachable', attempt.message, attempt.host ? 0 : growing);
    case 'later':
      return again(attempt.code, attempt.message, attempt.why === 'busy' ? (attempt.waitSeconds ?? 1) : growing / 2);
  }
}

/** How the archive as a whole stands. */
export type Standing = {
  readonly state: 'fine' | 'backing_off' | 'auth_error' | 'no_space';
  /** rounds in a row of which nothing was stored */
  readonly failures: number;
  readonly notBefore: number;
};

/** An archive that took the last picture, or was not asked yet. */
export const goodStanding: Standing = { state: 'fine', failures: 0, notBefore: 0 };

const archivePauses: Readonly<Record<Extract<DepositOutcome, { kind: 'later' }>['why'], Backoff>> = {
  busy: { floorSeconds: 1, ceilingSeconds: 300, jitter: 0.25 },
  unreachable: { floorSeconds: 1, ceilingSeconds: 300, jitter: 0.25 },
  // Trying hard heals neither; a full account must not eat the uplink.
  auth: { floorSeconds: 60, ceilingSeconds: 1800, jitter: 0.1 },
  no_space: { floorSeconds: 60, ceilingSeconds: 1800, jitter: 0.1 },
};

/** Decides how long the archive is left alone after it has answered for a round of snapshots. */
export function nextStanding(before: Standing, outcomes: readonly DepositOutcome[], now: number): Standing {
  const refusals = outcomes.flatMap((outcome) => (outcome.kind === 'later' ? [outcome] : []));
  const worst = refusals.find(({ why }) => why === 'auth' || why === 'no_space') ?? refusals[0];
  // What stores one picture can store the next; the one it did not take waits for itself.
  if (worst === undefined || outcomes.some(({ kind }) => kind === 'stored')) {
    const asked = Math.max(0, ...refusals.map(({ waitSeconds }) => waitSeconds ?? 0));
    return asked === 0 ? goodStanding : { state: 'backing_off', failures: 0, notBefore: now + asked };
  }
  const failures = before.failures + 1;
  const asked = Math.max(0, ...refusals.map(({ waitSeconds }) => waitSeconds ?? 0));
  const seconds = Math.max(
    asked * (1 + 0.25 * Math.random()),
    backoffSeconds(failures, archivePauses[worst.why], Math.random()),
  );
  const state = worst.why === 'auth' ? 'auth_error' : worst.why === 'no_space' ? 'no_space' : 'backing_off';
  return { state, failures, notBefore: now + seconds };
}

/** What the uploader says of itself. */
export function uploaderState(standing: Standing, busy: boolean, queued: number): UploaderStatus['state'] {
  if (standing.state === 'auth_error' || standing.state === 'no_space') return standing.state;
  if (queued === 0) return 'idle';
  if (standing.state === 'backing_off') return 'backing_off';
  return busy ? 'uploading' : 'backing_off';
}
