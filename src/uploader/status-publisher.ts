import { monotonicSeconds } from '../async/clock.js';
import { toInstant, type UploaderStatus, type UploadResult } from '../domain/contract/payloads.js';
import { type ArchiveState, initialArchiveState, uploaderState } from '../domain/uploads/policy.js';

/** Publishes the uploader's status (docs/contract.md §3.5) whenever it changes, a few times a second at most. */
export type StatusPublisher = {
  readonly reportState: (archive: ArchiveState, busy: boolean, error: UploadResult['error']) => void;
  readonly recordResult: (result: UploadResult) => void;
  /** Publishes an error as the last one, until the next snapshot is uploaded. */
  readonly reportTrouble: (error: NonNullable<UploadResult['error']>) => void;
  /** Publishes it as the last error for as long as there is no other; null ends that. */
  readonly reportWarning: (warning: UploaderStatus['last_error']) => void;
  /** To be called when a snapshot joins the queue. */
  readonly recordQueued: () => void;
  /** Why the archive stores nothing now, if only a person can change that. */
  readonly trouble: () => string | undefined;
};

/** The status changes with every picture, so it is not published more often than this. */
const minSecondsApart = 0.25;

/** The counters start at zero in every run. */
export function createStatusPublisher(
  queue: { readonly size: number; oldestAt(): number | undefined },
  publish: (status: UploaderStatus) => void,
): StatusPublisher {
  const counts = { uploaded: 0, rejected: 0, lost: 0 };
  let archive = initialArchiveState;
  let busy = false;
  let warning: UploaderStatus['last_error'] = null;
  let last: Pick<UploaderStatus, 'last_uploaded_at' | 'last_path' | 'last_error'> = {
    last_uploaded_at: null,
    last_path: null,
    last_error: null,
  };
  let published = '';
  let publishedAt = -Infinity;
  let timer: NodeJS.Timeout | undefined;

  function publishNow(): void {
    timer = undefined;
    publishedAt = monotonicSeconds();
    const oldest = queue.oldestAt();
    const status: UploaderStatus = {
      state: uploaderState(archive, busy, queue.size),
      queued: queue.size,
      oldest_queued_at: oldest === undefined ? null : toInstant(oldest),
      ...last,
      last_error: last.last_error ?? warning,
      ...counts,
    };
    const text = JSON.stringify(status);
    if (text !== published) publish(status);
    published = text;
  }
  function publishSoon(): void {
    if (timer !== undefined) return;
    if (monotonicSeconds() - publishedAt >= minSecondsApart) publishNow();
    else timer = setTimeout(publishNow, minSecondsApart * 1000).unref();
  }
  publishSoon();

  return {
    reportState(state, isBusy, error) {
      archive = state;
      busy = isBusy;
      if (error !== null) last = { ...last, last_error: error };
      publishSoon();
    },
    recordResult({ result, path, finished_at, error }) {
      counts[result] += 1;
      if (result === 'uploaded') last = { last_uploaded_at: finished_at, last_path: path, last_error: null };
      else last = { ...last, last_error: error };
      publishSoon();
    },
    reportTrouble(error) {
      last = { ...last, last_error: error };
      publishSoon();
    },
    reportWarning(next) {
      warning = next;
      publishSoon();
    },
    recordQueued() {
      // The uploader starts on it at once.
      busy = true;
      publishSoon();
    },
    trouble() {
      if (archive.state === 'fine' || archive.state === 'backing_off') return undefined;
      return `the archive takes no pictures (${archive.state}): ${last.last_error?.message ?? 'see the log'}`;
    },
  };
}
