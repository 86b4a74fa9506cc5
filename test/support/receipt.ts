import { createHash } from 'node:crypto';
import type { SnapshotReceipt } from '../../src/domain/contract/payloads.js';
import { newId } from '../../src/runtime/ids.js';
import { signUrl } from '../../src/runtime/signed-url.js';

/** The secret of the receipts made here. */
export const testSecret = 'a secret of thirty-two characters';

/** A receipt for these bytes, signed, as a detector at `origin` would announce it. */
export function makeReceipt(
  bytes: Buffer,
  origin: string,
  options: { readonly room?: string; readonly at?: number; readonly expires?: number } = {},
): SnapshotReceipt {
  const { room = 'kitchen', at = Date.now() / 1000 } = options;
  const { expires = at + 3600 } = options;
  const id = newId(at);
  return {
    id,
    room,
    visit: null,
    reason: 'motion',
    taken_at: new Date(at * 1000).toISOString(),
    url: signUrl(`${origin}/snapshots/${id}.jpg`, testSecret, expires),
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    width: 4,
    height: 3,
    regions: [],
  };
}
