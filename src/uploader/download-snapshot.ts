import { download, type Download } from '../adapters/http/download.js';
import { wallSeconds } from '../async/clock.js';
import type { QueuedSnapshot } from '../domain/contract/payloads.js';
import { isSignedAnswer } from '../runtime/signed-answer.js';
import type { RoomAddresses } from './room-addresses.js';

/** A detector that is silent for longer is given up and tried again; for the bytes themselves there is more time. */
const downloadSeconds = 15;

/**
 * Downloads a queued snapshot. If its URL is refused, or its room's detector has another address now, it is asked for once more
 * with a URL that is signed here: uploader and detector share the secret.
 */
export async function downloadSnapshot(
  snapshot: QueuedSnapshot,
  { addresses, secret }: { readonly addresses: RoomAddresses; readonly secret: string },
  signal: AbortSignal,
): Promise<Download> {
  const { room, id } = snapshot;
  const isSigned = (status: number, signature: string | null) =>
    isSignedAnswer({ status, room, id }, signature, secret);
  const first = await download(snapshot, downloadSeconds, signal, isSigned);
  if (first.kind !== 'failed' || signal.aborted) return first;
  const url = addresses.otherUrl(snapshot, first.code === 'forbidden', wallSeconds());
  return url === undefined ? first : download({ ...snapshot, url }, downloadSeconds, signal, isSigned);
}
