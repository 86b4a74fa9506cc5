import type { Log } from '../../domain/log.js';
import { type UploadResult, uploadResult } from '../../domain/contract/payloads.js';
import { parseJson } from '../../domain/contract/read-json.js';
import { isFinal } from '../../domain/uploads/record.js';

type Needs = {
  snapshots: { settle(id: string): Promise<void> };
  outbox: { settle(id: string): Promise<void> };
  ended: (result: UploadResult) => void;
  log: Pick<Log, 'error'>;
};

/**
 * Makes the handler of a room's `upload` topic: once a snapshot is uploaded, rejected or lost, neither the snapshot nor its
 * receipt is needed any more. The handler resolves when that is on the disk; it ignores messages that are no upload result.
 */
export function handleUploadResults({ snapshots, outbox, ended, log }: Needs) {
  return async ({ payload }: { readonly payload: Uint8Array }): Promise<void> => {
    const result = uploadResult.safeParse(parseJson(Buffer.from(payload).toString()));
    if (!result.success) return;
    const { snapshot, error } = result.data;
    if (!isFinal(result.data)) return log.error({ snapshot, error }, 'an uploader refuses our receipts');
    ended(result.data);
    await snapshots.settle(snapshot);
    await outbox.settle(snapshot);
  };
}
