import * as z from 'zod';
import { type SnapshotReceipt, type UploadResult, uploadResult } from '../contract/payloads.js';

/** How a snapshot ended, and whether the broker has taken the report. */
export const uploadRecord = z.object({ result: uploadResult, reported: z.boolean() });
/** See `uploadRecord`. */
export type UploadRecord = z.infer<typeof uploadRecord>;

/** Makes the report of a snapshot (CONTRACT.md §3.4). */
export function reportOf(
  receipt: Pick<SnapshotReceipt, 'id' | 'room' | 'taken_at' | 'bytes'>,
  outcome: Pick<UploadResult, 'result' | 'archive' | 'path' | 'content_hash' | 'attempts' | 'finished_at' | 'error'>,
): UploadResult {
  const { id, room, taken_at, bytes } = receipt;
  return { snapshot: id, room, bytes, taken_at, ...outcome };
}

/** When a snapshot's URL ends to be good, in seconds; never where it does not say. */
export function expiryOf(url: string): number {
  return Number(/[?&]expires=(\d{1,15})(?:&|$)/.exec(url)?.[1] ?? Infinity);
}

/**
 * Does a report end the matter for the detector that announced the snapshot? One about a bad signature speaks of
 * another's forgery, or of secrets that differ; the picture is still to be archived.
 */
export function isFinal({ error }: Pick<UploadResult, 'error'>): boolean {
  return error?.code !== 'bad_signature' && error?.code !== 'bad_receipt';
}
