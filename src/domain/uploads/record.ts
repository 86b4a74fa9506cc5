import * as z from 'zod';
import { type SnapshotReceipt, type UploadResult, uploadResult } from '../contract/payloads.js';

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
 * Whether the detector that announced the snapshot can forget its receipt after this report. A report of a bad signature
 * is about another sender's forgery, or about secrets that differ; the picture still has to be archived.
 */
export function isFinal({ error }: Pick<UploadResult, 'error'>): boolean {
  return error?.code !== 'bad_signature' && error?.code !== 'bad_receipt';
}
