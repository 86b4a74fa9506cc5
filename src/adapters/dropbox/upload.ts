import type { Dropbox, files } from 'dropbox';
import type { Deposit, DepositOutcome } from '../../domain/uploads/archive.js';
import { contentHash } from '../files/content-hash.js';
import { badAnswer, troubleOf } from './errors.js';

/** A picture with what Dropbox is told about it: the whole path, and the hash of its bytes. */
export type PreparedUpload = {
  readonly path: string;
  readonly otherPath: string | undefined;
  readonly bytes: Uint8Array;
  readonly hash: string;
  readonly takenAt: number;
};

/** @param base `/apps/roomwatch`, or the empty string for the root of the app's Dropbox */
export function prepareUpload(base: string, { path, otherPath, bytes, takenAt }: Deposit): PreparedUpload {
  const other = otherPath === undefined ? undefined : base + otherPath;
  return { path: base + path, otherPath: other, bytes, hash: contentHash(bytes), takenAt };
}

/**
 * Uploads one picture in one request. After a hash mismatch it tries once more; if another picture has the path, it uses
 * `otherPath`. Safe to repeat after a lost answer: Dropbox accepts the same content at the same path again.
 */
export async function uploadPicture(
  client: Dropbox,
  picture: PreparedUpload,
  signal: AbortSignal,
): Promise<DepositOutcome> {
  const outcome = await uploadTwice(client, picture, signal);
  if (!isTaken(outcome) || picture.otherPath === undefined) return outcome;
  return uploadTwice(client, { ...picture, path: picture.otherPath }, signal);
}

/** Whether something else has the path. */
export function isTaken({ kind, ...rest }: DepositOutcome): boolean {
  return kind === 'refused' && 'code' in rest && ['conflict', 'folder_exists'].includes(rest.code);
}

/** How to commit it: never over another file, never under a name that Dropbox chooses, without a desktop notification. */
export function commitOf(picture: PreparedUpload): files.CommitInfo {
  return {
    path: picture.path,
    mode: { '.tag': 'add' },
    autorename: false,
    mute: true,
    // DropboxTimestamp has no fraction.
    client_modified: `${new Date(picture.takenAt * 1000).toISOString().slice(0, 19)}Z`,
  };
}

/** Compares what Dropbox says it stored with what was sent; the answer is not trusted to have any shape. */
export function outcomeOf(picture: PreparedUpload, answer: unknown): DepositOutcome {
  const { content_hash, size } = Object(answer) as Partial<files.FileMetadata>;
  if (content_hash === undefined && size === undefined) return badAnswer();
  const same = content_hash === undefined ? size === picture.bytes.length : content_hash === picture.hash;
  return same
    ? { kind: 'stored', path: picture.path, contentHash: picture.hash }
    : { kind: 'refused', code: 'hash_mismatch', message: 'Dropbox did not store what was sent' };
}

async function uploadTwice(client: Dropbox, picture: PreparedUpload, signal: AbortSignal): Promise<DepositOutcome> {
  const outcome = await upload(client, picture, signal);
  return outcome.kind === 'refused' && outcome.code === 'hash_mismatch' ? upload(client, picture, signal) : outcome;
}

async function upload(client: Dropbox, picture: PreparedUpload, signal: AbortSignal): Promise<DepositOutcome> {
  const args = { ...commitOf(picture), contents: picture.bytes, content_hash: picture.hash };
  try {
    return outcomeOf(picture, (await client.filesUpload(args, { signal })).result);
  } catch (error) {
    return troubleOf(error);
  }
}
