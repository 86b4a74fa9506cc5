import { createHash } from 'node:crypto';
import { snapshotFacts, type SnapshotReceipt, type UploadResult } from '../../src/domain/contract/payloads.js';
import { newId } from '../../src/runtime/ids.js';
import { signDocument, signReceipt } from '../../src/runtime/signed-receipt.js';

/** The secret of the receipts made here. */
export const testSecret = 'a secret of thirty-two characters';

/** A receipt for these bytes, signed, as a detector at `origin` would announce it. */
export function makeReceipt(
  bytes: Buffer,
  origin: string,
  options: { readonly room?: string; readonly at?: number; readonly expires?: number; readonly secret?: string } = {},
): SnapshotReceipt {
  const { room = 'kitchen', at = Date.now() / 1000, secret = testSecret } = options;
  const { expires = at + 3600 } = options;
  const id = newId(at);
  const facts = {
    id,
    room,
    visit: null,
    reason: 'motion' as const,
    taken_at: new Date(at * 1000).toISOString(),
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    width: 4,
    height: 3,
    regions: [],
  };
  return signReceipt(facts, { publicUrl: origin, secret, expires });
}

/** The same receipt as a detector publishes it that has another address now, or another secret. */
export function announceAgain(receipt: SnapshotReceipt, publicUrl: string, expires: number, secret = testSecret) {
  return signReceipt(snapshotFacts.parse(receipt), { publicUrl, secret, expires });
}

/** What an uploader without a signature reports of a receipt: that it is archived, or what `change` says. */
export function makeResult(
  { id, room, bytes, taken_at, sha256 }: SnapshotReceipt,
  change: Partial<UploadResult> = {},
): UploadResult {
  const archived = { result: 'uploaded', archive: 'folder', path: `/${id}.jpg`, content_hash: sha256 } as const;
  const finished = { bytes, attempts: 1, taken_at, finished_at: taken_at, error: null };
  return { snapshot: id, room, ...archived, ...finished, ...change };
}

/** The same, signed. */
export function makeSignedResult(
  receipt: SnapshotReceipt,
  change: Partial<UploadResult> = {},
  secret = testSecret,
): UploadResult {
  return signDocument(makeResult(receipt, change), secret);
}
