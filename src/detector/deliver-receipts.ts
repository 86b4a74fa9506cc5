import { wallSeconds } from '../async/clock.js';
import type { SnapshotFacts } from '../domain/contract/payloads.js';
import type { Outbox } from '../pipelines/detector/outbox.js';
import { signReceipt } from '../runtime/signed-receipt.js';
import type { PublicUrl } from './public-url.js';
import type { Publisher } from './publisher.js';

/** How long a snapshot URL is valid after it was published, and a removed snapshot is known as gone after it was taken. */
export const urlSeconds = 7 * 24 * 3600;

type Offering = { readonly publisher: Publisher; readonly publicUrl: PublicUrl; readonly secret: string };

/**
 * Delivers the receipts of the outbox until `signal` is aborted. Each is signed when it is published, for the address and by the
 * clock of that moment.
 */
export function deliverReceipts(
  outbox: Outbox,
  { publisher, publicUrl, secret }: Offering,
  signal: AbortSignal,
): Promise<void> {
  const publish = async (facts: SnapshotFacts) => {
    const offer = { publicUrl: await publicUrl(), secret, expires: wallSeconds() + urlSeconds };
    return publisher.deliver(signReceipt(facts, offer));
  };
  return outbox.deliver(publish, signal);
}
