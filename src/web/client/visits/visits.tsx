import { signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Visit } from '../../../domain/page/payloads.js';
import { now } from '../state/clock.js';
import { visits } from '../state/room.js';
import { texts } from '../texts.js';
import { lengthOf, secondsBetween, timeOf } from '../parts/time.js';

type Snapshot = Visit['snapshots'][number];
const enlarged = signal<Snapshot | undefined>(undefined);
const urlOf = (snapshot: Snapshot) => `api/snapshots/${snapshot.id}.jpg`;

/** The last visits with their snapshots and the results of the uploads. */
export function Visits() {
  return (
    <section aria-labelledby="visits-title">
      <h2 id="visits-title">{texts.visits}</h2>
      {visits.value?.length === 0 && <p class="empty">{texts.noVisits}</p>}
      <ol class="visits">
        {visits.value?.map((visit) => (
          <VisitCard key={visit.key} visit={visit} />
        ))}
      </ol>
      <Enlarged />
    </section>
  );
}

function VisitCard({ visit }: { visit: Visit }) {
  const { began_at, ended_at, snapshot_count: count } = visit;
  if (ended_at === null) void now.value;
  const hidden = count - visit.snapshots.length;
  return (
    <li class={ended_at === null ? 'visit open' : 'visit'}>
      <h3>
        <time dateTime={began_at}>{timeOf(new Date(began_at))}</time>
        {visit.visit !== null && (
          <span>
            {' – '}
            {ended_at === null ? texts.now : timeOf(new Date(ended_at), new Date(began_at))}
          </span>
        )}
      </h3>
      <p class="hint">
        {visit.visit === null
          ? texts.requestedSnapshot
          : texts.visitLength(lengthOf(secondsBetween(began_at, ended_at)))}
        {visit.visit !== null && ` · ${texts.pictures(count)}`}
      </p>
      <ul class="snapshots">
        {visit.snapshots.map((snapshot) => (
          <SnapshotCard key={snapshot.id} snapshot={snapshot} />
        ))}
      </ul>
      {hidden > 0 && <p class="hint">{texts.morePictures(hidden)}</p>}
    </li>
  );
}

function SnapshotCard({ snapshot }: { snapshot: Snapshot }) {
  const time = timeOf(new Date(snapshot.taken_at));
  const { state, path, error } = snapshot.upload;
  return (
    <li>
      <button type="button" class="thumb" title={texts.openSnapshot(time)} onClick={() => (enlarged.value = snapshot)}>
        <Picture snapshot={snapshot} />
      </button>
      <p class={`upload ${state}`}>{texts.upload[state]}</p>
      {path !== null && <p class="path">{path}</p>}
      {error !== null && <p class="path">{error.message}</p>}
    </li>
  );
}

/** The picture of a snapshot, or a text if retention has removed it after its upload. */
function Picture({ snapshot }: { snapshot: Snapshot }) {
  const [gone, setGone] = useState(false);
  return gone ? (
    <span class="gone">{texts.snapshotGone}</span>
  ) : (
    <img
      src={urlOf(snapshot)}
      alt={texts.snapshotAlt(timeOf(new Date(snapshot.taken_at)))}
      loading="lazy"
      onError={() => setGone(true)}
    />
  );
}

function Enlarged() {
  const dialog = useRef<HTMLDialogElement>(null);
  const snapshot = enlarged.value;
  useEffect(() => {
    if (snapshot === undefined) dialog.current?.close();
    else dialog.current?.showModal();
  }, [snapshot]);
  return (
    <dialog
      ref={dialog}
      aria-label={snapshot && texts.snapshotAlt(timeOf(new Date(snapshot.taken_at)))}
      onClose={() => (enlarged.value = undefined)}
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}
    >
      {snapshot && <Picture snapshot={snapshot} />}
      <form method="dialog">
        <span>{snapshot && timeOf(new Date(snapshot.taken_at))}</span>
        <button type="submit">{texts.close}</button>
      </form>
    </dialog>
  );
}
