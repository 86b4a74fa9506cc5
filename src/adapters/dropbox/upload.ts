import type { Dropbox, files } from 'dropbox';
import type { Deposit, DepositOutcome } from '../../domain/uploads/archive.js';
import { contentHash } from '../files/content-hash.js';
import { badAnswer, troubleOf } from './errors.js';

/** A deposit as Dropbox is told about it: the whole path, and the hash of its bytes. */
export type Parcel = {
  readonly path: string;
  readonly otherPath: string | undefined;
  readonly bytes: Uint8Array;
  readonly hash: string;
  readonly takenAt: number;
};

/** @param base `/apps/roomwatch`, or the empty string for the root of the app's Dropbox */
export function pack(base: string, { path, otherPath, bytes, takenAt }: Deposit): Parcel {
  const other = otherPath === undefined ? undefined : base + otherPath;
  return { path: base + path, otherPath: other, bytes, hash: contentHash(bytes), takenAt };
}

/**
 * Uploads one picture in one request. A hash mismatch is tried once more, a name taken by another picture gives way to
 * `otherPath`. Safe to repeat after a lost answer: Dropbox counts identical content at the same path as done.
 */
export async function uploadParcel(client: Dropbox, parcel: Parcel, signal: AbortSignal): Promise<DepositOutcome> {
  const outcome = await uploadTwice(client, parcel, signal);
  if (outcome.kind !== 'refused' || outcome.code !== 'conflict' || parcel.otherPath === undefined) return outcome;
  return uploadTwice(client, { ...parcel, path: parcel.otherPath }, signal);
}

/** What is committed: never over another file, never under a name of Dropbox's own choice, without a desktop notice. */
export function commitOf(parcel: Parcel): files.CommitInfo {
  return {
    path: parcel.path,
    mode: { '.tag': 'add' },
    autorename: false,
    mute: true,
    // DropboxTimestamp has no fraction.
    client_modified: `${new Date(parcel.takenAt * 1000).toISOString().slice(0, 19)}Z`,
  };
}

/** Compares what Dropbox says it stored with what it was given; the answer is a stranger's. */
export function receiptOf(parcel: Parcel, answer: unknown): DepositOutcome {
  const { content_hash, size } = Object(answer) as Partial<files.FileMetadata>;
  if (content_hash === undefined && size === undefined) return badAnswer();
  const same = content_hash === undefined ? size === parcel.bytes.length : content_hash === parcel.hash;
  return same
    ? { kind: 'stored', path: parcel.path, contentHash: parcel.hash }
    : { kind: 'refused', code: 'hash_mismatch', message: 'Dropbox stored something else than it was given' };
}

async function uploadTwice(client: Dropbox, parcel: Parcel, signal: AbortSignal): Promise<DepositOutcome> {
  const outcome = await upload(client, parcel, signal);
  return outcome.kind === 'refused' && outcome.code === 'hash_mismatch' ? upload(client, parcel, signal) : outcome;
}

async function upload(client: Dropbox, parcel: Parcel, signal: AbortSignal): Promise<DepositOutcome> {
  const args = { ...commitOf(parcel), contents: parcel.bytes, content_hash: parcel.hash };
  try {
    return receiptOf(parcel, (await client.filesUpload(args, { signal })).result);
  } catch (error) {
    return troubleOf(error);
  }
}
