import * as z from 'zod';
import { type SnapshotReceipt, type UploadResult, uploadResult } from '../contract/payloads.js';

/** A URL that expires only a little later is not worth a write. */
const minGainSeconds = 3600;

/** The result of a snapshot that has ended, and whether the broker has acknowledged the report of it. */
export const uploadRecord = z.object({ result: uploadResult, reported: z.boolean() });
/** See `uploadRecord`. */
export type UploadRecord = z.infer<typeof uploadRecord>;

/** Makes the report of a snapshot (docs/contract.md §3.4). */
export function reportOf(
  receipt: Pick<SnapshotReceipt, 'id' | 'room' | 'taken_at' | 'bytes'>,
  outcome: Pick<UploadResult, 'result' | 'archive' | 'path' | 'content_hash' | 'attempts' | 'finished_at' | 'error'>,
): UploadResult {
  const { id, room, taken_at, bytes } = receipt;
  return { snapshot: id, room, bytes, taken_at, ...outcome };
}

/** When a snapshot's URL expires, in seconds since the Unix epoch; Infinity if the URL does not say. */
export function expiryOf(url: string): number {
  return Number(/[?&]expires=(\d{1,15})(?:&|$)/.exec(url)?.[1] ?? Infinity);
}

/**
 * Whether the detector that announced the snapshot can forget its receipt after this report. It cannot if the uploader did not
 * understand the receipt, or (version 0.1) found its signature wrong: the picture still has to be archived.
 */
export function isFinal({ error }: Pick<UploadResult, 'error'>): boolean {
  return error?.code !== 'bad_signature' && error?.code !== 'bad_receipt';
}

/**
 * Whether an announcement replaces the URL that is queued for its snapshot: it was made later, so it knows the detector's
 * address better. An old receipt that is sent again replaces nothing, unless the queued URL does not work.
 * @param failed whether the queued URL has failed
 */
export function isBetterUrl(announced: string, queued: string, failed: boolean): boolean {
  if (failed) return announced !== queued;
  const gainedSeconds = expiryOf(announced) - expiryOf(queued);
  if (new URL(announced).origin !== new URL(queued).origin) return gainedSeconds > 0;
  return gainedSeconds >= minGainSeconds;
}
