import type { Throttle } from '../../async/throttle.js';
import type { Log } from '../../domain/log.js';
import type { UploadResult } from '../../domain/contract/payloads.js';
import { type ReadResult, readResult } from '../../domain/uploads/read-result.js';
import { isFinal } from '../../domain/uploads/record.js';

type Needs = {
  /** the first level of all topics */
  base: string;
  /** `archived`: where an uploader has archived it, as it signed */
  snapshots: { settle(id: string, archived?: UploadResult['archive']): Promise<void> };
  outbox: { settle(id: string): Promise<void> };
  isSigned: (document: Readonly<Record<string, unknown>>) => boolean;
  /** whether results need a signature: from the first signed one on, which is remembered in `file` */
  trust: { readonly needsSignature: boolean; readonly file: string; recordSigned(): Promise<void> };
  ended: (result: UploadResult) => void;
  /** Called for each result that changes nothing, as it is not signed as it has to be. */
  ignored: () => void;
  log: Pick<Log, 'warn' | 'error'>;
  /** passes the lines about results that change nothing */
  throttle: Throttle;
};

/** Handles a message on the `upload` topic of a room. */
export type HandleUploadResult = (message: { readonly topic: string; readonly payload: Uint8Array }) => Promise<void>;

/**
 * Makes the handler of `upload` topics: once a snapshot is uploaded, rejected or lost, neither the snapshot nor its receipt is
 * needed any more. The handler resolves when that is on the disk; it ignores messages that are no upload result, and results
 * that a stranger may have sent.
 */
export function handleUploadResults(needs: Needs): HandleUploadResult {
  const { base, snapshots, outbox, isSigned, trust, ended, ignored, log, throttle } = needs;

  function ignore(topic: string, { kind, result: { snapshot } }: ReadResult): void {
    ignored();
    const more = throttle(kind);
    if (more === undefined) return;
    const what =
      kind === 'forged'
        ? 'ignored an upload result that is not signed with our secret: compare secret_from in the first log lines of ' +
          'detector and uploader; both need the same http.signing_secret, or without one the same data_dir'
        : 'ignored an upload result without a signature, as this room has received signed ones: update the uploader that ' +
          `sent it; if it cannot sign, stop the detector, delete ${trust.file} and start the detector again`;
    log.warn({ topic, snapshot, more }, what);
  }

  return async ({ topic, payload }) => {
    const read = readResult(base, { topic, payload: Buffer.from(payload).toString() }, isSigned);
    if (read === undefined) return;
    if (read.kind === 'signed') await trust.recordSigned();
    else if (read.kind === 'forged' || trust.needsSignature) return ignore(topic, read);
    const { result } = read;
    const { snapshot, error } = result;
    if (!isFinal(result)) {
      const more = throttle('refused');
      if (more !== undefined) log.error({ snapshot, error, more }, 'an uploader refuses our receipts');
      return;
    }
    ended(result);
    const isCertain = read.kind === 'signed' && result.result === 'uploaded';
    await snapshots.settle(snapshot, isCertain ? result.archive : undefined);
    await outbox.settle(snapshot);
  };
}
