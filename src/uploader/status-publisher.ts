import { toInstant, type UploaderStatus, type UploadResult } from '../domain/contract/payloads.js';
import { goodStanding, type Standing, uploaderState } from '../domain/uploads/policy.js';

/** What an uploader says of itself (CONTRACT.md §3.5), whenever that changes; at most some times a second. */
export type UploaderVoice = {
  readonly stands: (standing: Standing, busy: boolean, error: UploadResult['error']) => void;
  readonly ended: (result: UploadResult) => void;
  /** something joined the queue */
  readonly queued: () => void;
  /** why nothing gets into the archive now, where only somebody can heal that */
  readonly trouble: () => string | undefined;
};

/** Speaks at most so often, since a backlog changes with every picture. */
const everyMs = 250;

/** The counters begin at zero with every start. */
export function createUploaderVoice(
  queue: { readonly size: number; oldestAt(): number | undefined },
  say: (status: UploaderStatus) => void,
): UploaderVoice {
  const counts = { uploaded: 0, rejected: 0, lost: 0 };
  let standing = goodStanding;
  let busy = false;
  let last: Pick<UploaderStatus, 'last_uploaded_at' | 'last_path' | 'last_error'> = {
    last_uploaded_at: null,
    last_path: null,
    last_error: null,
  };
  let said = '';
  let timer: NodeJS.Timeout | undefined;
  let spokeAt = -Infinity;

  function speak(): void {
    timer = undefined;
    spokeAt = performance.now();
    const oldest = queue.oldestAt();
    const status: UploaderStatus = {
      state: uploaderState(standing, busy, queue.size),
      queued: queue.size,
      oldest_queued_at: oldest === undefined ? null : toInstant(oldest),
      ...last,
      ...counts,
    };
    const text = JSON.stringify(status);
    if (text !== said) say(status);
    said = text;
  }
  const changed = () => {
    if (timer !== undefined) return;
    if (performance.now() - spokeAt >= everyMs) speak();
    else timer = setTimeout(speak, everyMs).unref();
  };
  changed();

  return {
    stands(now, isBusy, error) {
      standing = now;
      busy = isBusy;
      if (error !== null) last = { ...last, last_error: error };
      changed();
    },
    ended({ result, path, finished_at, error }) {
      counts[result] += 1;
      if (result === 'uploaded') last = { last_uploaded_at: finished_at, last_path: path, last_error: null };
      else last = { ...last, last_error: error };
      changed();
    },
    queued() {
      // It is taken up at once.
      busy = true;
      changed();
    },
    trouble() {
      if (standing.state === 'fine' || standing.state === 'backing_off') return undefined;
      return `the archive takes no pictures (${standing.state}): ${last.last_error?.message ?? 'see the log'}`;
    },
  };
}
