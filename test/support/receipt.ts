import { createHash } from 'node:crypto';
import { snapshotFacts, type SnapshotReceipt } from '../../src/domain/contract/payloads.js';
import { newId } from '../../src/runtime/ids.js';
import { signReceipt } from '../../src/runtime/signed-receipt.js';

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
