import { useEffect, useState } from 'preact/hooks';
import type { VisitOfRoom } from '../../../domain/page/merged-visits.js';
import type { Visit } from '../../../domain/page/payloads.js';
import { timeOf } from '../parts/time.js';
import { connectionCount } from '../state/connections.js';
import { texts } from '../texts.js';

/** A snapshot of a visit; its room is empty on the page of that room. */
export type Snapshot = Visit['snapshots'][number] & { readonly room: string };

/** The snapshots of a visit, newest first. */
export const snapshotsOf = ({ room, snapshots }: VisitOfRoom): readonly Snapshot[] =>
  snapshots.map((snapshot) => ({ ...snapshot, room }));

/** The address of a snapshot's picture. */
export const urlOf = ({ room, id }: Snapshot) => `${room === '' ? '' : `rooms/${room}/`}api/snapshots/${id}.jpg`;

/** The picture of a snapshot, or why there is none: retention has removed it, or it cannot be loaded now. */
export function SnapshotPicture({ snapshot }: { snapshot: Snapshot }) {
  const [failure, setFailure] = useState<'gone' | 'unreachable' | undefined>(undefined);
  const { value: connection } = connectionCount;
  useEffect(() => setFailure((known) => (known === 'unreachable' ? undefined : known)), [connection]);
  const findReason = async () => {
    // Not HEAD, which Home Assistant does not pass on; the status is enough.
    const enough = new AbortController();
    const status = await fetch(urlOf(snapshot), { signal: enough.signal }).then(
      ({ status }) => status,
      () => 0,
    );
    enough.abort();
    setFailure(status === 410 || status === 404 ? 'gone' : 'unreachable');
  };
  if (failure !== undefined)
    return <span class="gone">{failure === 'gone' ? texts.snapshotGone : texts.snapshotUnreachable}</span>;
  return (
    <img
      src={urlOf(snapshot)}
      alt={texts.snapshotAlt(timeOf(new Date(snapshot.taken_at)))}
      loading="lazy"
      onError={() => void findReason()}
    />
  );
}
