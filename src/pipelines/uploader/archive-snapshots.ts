import type { Archive, DepositOutcome } from '../../domain/uploads/archive.js';
import type { Notifier } from '../../async/notifier.js';
import type { Throttle } from '../../async/throttle.js';
import type { Log } from '../../domain/log.js';
import { type QueuedSnapshot, toInstant, type UploadResult } from '../../domain/contract/payloads.js';
import {
  type ArchiveState,
  type Attempt,
  initialArchiveState,
  nextArchiveState,
  nextStep,
} from '../../domain/uploads/policy.js';
import { reportOf } from '../../domain/uploads/record.js';
import { createDownloads, type Downloaded, type DownloadNeeds } from './downloads.js';
import { createJudgedStore, type Picture } from './judged-store.js';

type Needs = DownloadNeeds & {
  /** notified when a snapshot is added to the schedule */
  added: Notifier;
  archive: Archive;
  pathsOf(receipt: QueuedSnapshot): { readonly path: string; readonly otherPath?: string | undefined };
  /** Makes the result of a snapshot durable and takes it out of the queue; rejects on a full disk. */
  finish(result: UploadResult): Promise<void>;
  /** Takes a snapshot out of the queue without a result. */
  drop(id: string): Promise<void>;
  /** Receives the state after every change. */
  reportState(state: ArchiveState, busy: boolean, error: UploadResult['error']): void;
  log: Log;
  /** passes the warnings about snapshots that cannot be downloaded */
  throttle: Throttle;
  /** seconds since the Unix epoch */
  wallSeconds: () => number;
  /** from 0 to 1 */
  random: () => number;
};

/** Limits of a round; the next round is downloaded while one is stored. */
const limits = { snapshots: 100, bytes: 16 * 1024 * 1024 };

/** Stores the pictures of a round. */
type Store = (pictures: readonly Picture[], signal: AbortSignal) => Promise<readonly DepositOutcome[]>;

/** A round that is being stored. */
type Storing = { readonly ids: readonly string[]; readonly ended: Promise<void> };

/**
 * Downloads the snapshots that are due, stores them, and finishes each with its result, until `signal` is aborted. A bad
 * snapshot delays no other. The archive gets one round after the other; the next one is downloaded meanwhile.
 */
export async function archiveSnapshots(needs: Needs, signal: AbortSignal): Promise<void> {
  const { schedule, now } = needs;
  let state = initialArchiveState;
  let storing: Storing | undefined;
  const storePictures = createJudgedStore(needs.archive);
  const downloads = createDownloads(needs, signal);
  const store = (downloaded: readonly Downloaded[]) => {
    const ended = storeRound(downloaded, state, needs, storePictures, signal).then((after) => {
      state = after;
      storing = undefined;
    });
    // An error is thrown where `ended` is awaited.
    ended.catch(() => undefined);
    storing = { ids: downloaded.map(({ receipt }) => receipt.id), ended };
  };
  while (!signal.aborted) {
    const free = state.notBefore <= now();
    // After a refusal, a single picture finds out whether the archive works again: each time another one.
    const probing = state.failures > 0;
    const inProgress = new Set([...(storing?.ids ?? []), ...downloads.ids()]);
    const dueNow = () =>
      probing
        ? schedule.leastTried(now(), inProgress)
        : schedule.due(now(), limits.snapshots, limits.bytes, inProgress);
    const due = free ? dueNow() : [];
    if (due.length > 0 || downloads.haveEnded()) {
      needs.reportState(state, true, null);
      const downloaded = await downloads.round(due);
      await storing?.ended;
      store(downloaded);
      if (probing) await storing?.ended;
      continue;
    }
    if (storing === undefined) needs.reportState(state, inProgress.size > 0, null);
    const dueAt = Math.max(schedule.nextAt(inProgress), state.notBefore);
    const notifiers = free ? [downloads.slowEnded, needs.added] : [downloads.slowEnded];
    await waitForWork(dueAt, notifiers, storing?.ended, needs, signal);
  }
  await Promise.all([storing?.ended, downloads.finish()]);
}

/** Waits until `dueAt`, the end of the round in progress, or a notification. */
async function waitForWork(
  dueAt: number,
  notifiers: readonly Notifier[],
  roundEnded: Promise<void> | undefined,
  { now, pause }: Needs,
  signal: AbortSignal,
): Promise<void> {
  // Not AbortSignal.any: `signal` would hold a reference to every wait (Node 20).
  const woken = new AbortController();
  const wake = () => woken.abort();
  signal.addEventListener('abort', wake);
  if (signal.aborted) wake();
  const seconds = Math.min(60, Math.max(0.05, dueAt - now()));
  const reasons = [pause(seconds, woken.signal), ...notifiers.map((notifier) => notifier.wait(woken.signal))];
  if (roundEnded !== undefined) reasons.push(roundEnded);
  try {
    await Promise.race(reasons);
  } finally {
    signal.removeEventListener('abort', wake);
    wake();
  }
}

/** Stores one round and finishes its snapshots. If the archive takes none now, they are downloaded again later. */
async function storeRound(
  round: readonly Downloaded[],
  before: ArchiveState,
  needs: Needs,
  store: Store,
  signal: AbortSignal,
): Promise<ArchiveState> {
  // The round before may have failed since this one was chosen.
  const postponed = before.notBefore > needs.now() || (before.failures > 0 && round.length > 1);
  const attempted = postponed ? round.filter(({ download }) => download.kind !== 'fetched') : round;
  const pictures = attempted.flatMap(({ receipt, download }) =>
    download.kind === 'fetched' ? [pictureOf(receipt, download.bytes, needs)] : [],
  );
  let state = before;
  let outcomes: readonly DepositOutcome[] = [];
  if (pictures.length > 0 && !signal.aborted) {
    outcomes = await store(pictures, signal);
    state = nextArchiveState(before, outcomes, needs.now(), needs.random());
  }
  if (signal.aborted) return state;

  const outcomeOf = new Map(pictures.map(({ id }, n) => [id, outcomes[n]]));
  const errors = await Promise.all(
    attempted.map(({ receipt, download }) => {
      const attempt = download.kind === 'fetched' ? outcomeOf.get(receipt.id) : download;
      return attempt === undefined ? Promise.resolve(null) : conclude(receipt, attempt, needs);
    }),
  );
  const error = errors.find((error) => error !== null) ?? null;
  if (state.state !== before.state) {
    const fields = { state: state.state, error };
    if (state.state === 'fine') needs.log.info(fields, 'the archive takes pictures again');
    else needs.log.warn(fields, 'the archive takes no pictures now; they stay queued');
  }
  needs.reportState(state, true, error);
  return state;
}

function pictureOf(receipt: QueuedSnapshot, bytes: Uint8Array, { pathsOf }: Pick<Needs, 'pathsOf'>): Picture {
  return { id: receipt.id, deposit: { ...pathsOf(receipt), bytes, takenAt: Date.parse(receipt.taken_at) / 1000 } };
}

/** Finishes a snapshot after an attempt, or postpones it; resolves with the attempt's error, if there is one. */
async function conclude(receipt: QueuedSnapshot, attempt: Attempt, needs: Needs): Promise<UploadResult['error']> {
  const { schedule, archive, log } = needs;
  const { id, room } = receipt;
  const before = schedule.task(id);
  const task = { ...before, attempts: before.attempts + 1 };
  const step = nextStep(task, attempt, needs.now(), needs.random());
  if (step.kind === 'again') {
    schedule.postpone(id, step.task);
    const { error } = step;
    const isOne = attempt.kind === 'failed' || (attempt.kind === 'later' && attempt.onlyThis === true);
    const more = isOne ? needs.throttle(error.code) : undefined;
    const what =
      attempt.kind === 'failed' ? 'a snapshot cannot be downloaded yet' : 'a snapshot cannot be archived yet';
    if (more === undefined) log.debug({ snapshot: id, room, error }, 'snapshot not archived yet');
    else log.warn({ snapshot: id, room, error, attempts: task.attempts, more }, what);
    return error;
  }
  if (step.kind === 'dropped') {
    await needs.drop(id);
    schedule.remove(id);
    log.info({ snapshot: id, room }, 'another uploader has archived a snapshot; it is not needed here any more');
    return null;
  }
  const { result, error } = step;
  const { attempts } = task;
  const { path, contentHash } = attempt.kind === 'stored' ? attempt : { path: null, contentHash: null };
  const finished_at = toInstant(needs.wallSeconds());
  const outcome = { result, error, attempts, finished_at, archive: archive.kind, path, content_hash: contentHash };
  try {
    await needs.finish(reportOf(receipt, outcome));
  } catch (err) {
    // Trouble with our own disk. The picture is stored again later, which is harmless.
    log.error({ err, snapshot: id }, 'the result of a snapshot cannot be written; trying again');
    schedule.postpone(id, { ...task, notBefore: needs.now() + 10 });
    return { code: 'disk', message: (err as Error).message };
  }
  schedule.remove(id);
  if (result === 'uploaded') log.info({ path, room, snapshot: id, attempts }, 'snapshot archived');
  else log.warn({ snapshot: id, room, result, error }, `snapshot ${result}`);
  return error;
}
