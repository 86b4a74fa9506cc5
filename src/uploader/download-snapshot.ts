import { type AnswerCheck, download, type Download } from '../adapters/http/download.js';
import { wallSeconds } from '../async/clock.js';
import type { QueuedSnapshot } from '../domain/contract/payloads.js';
import type { ArchiveKind } from '../domain/uploads/archive.js';
import { isSignedAnswer } from '../runtime/signed-answer.js';
import type { RoomAddresses } from './room-addresses.js';

/** A detector that is silent for longer is given up and tried again; for the bytes themselves there is more time. */
const downloadSeconds = 15;

type Given = {
  readonly addresses: RoomAddresses;
  readonly secret: string;
  /** the archive of a group: what another one has stored there is no loss */
  readonly sharedArchive: ArchiveKind | undefined;
};

/**
 * Downloads a queued snapshot. If its URL is refused, or its room's detector has another address now, it is asked for once more
 * with a URL that is signed here: uploader and detector share the secret. If nobody answers, another detector is asked.
 */
export async function downloadSnapshot(
  snapshot: QueuedSnapshot,
  { addresses, secret, sharedArchive }: Given,
  signal: AbortSignal,
): Promise<Download> {
  const { room, id } = snapshot;
  const isSigned: AnswerCheck = ({ status, archived }, signature) => {
    if (!archived) return isSignedAnswer({ status, room, id }, signature, secret);
    return (
      sharedArchive !== undefined && isSignedAnswer({ status, room, id, archivedIn: sharedArchive }, signature, secret)
    );
  };
  const from = (url: string) => download({ ...snapshot, url }, downloadSeconds, signal, isSigned);
  const first = await from(snapshot.url);
  if (first.kind !== 'failed' || signal.aborted) return first;
  const url = addresses.otherUrl(snapshot, first.code === 'forbidden', wallSeconds());
  if (url !== undefined) return from(url);
  const elsewhere = first.code === 'unreachable' ? addresses.elsewhere(snapshot, wallSeconds()) : undefined;
  if (elsewhere === undefined) return first;
  const second = await from(elsewhere);
  return second.kind === 'failed' ? first : second;
}
