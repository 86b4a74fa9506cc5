import type { VisitOfRoom } from '../../../domain/page/merged-visits.js';
import { lengthOf, secondsBetween, timeOf } from '../parts/time.js';
import { now } from '../state/clock.js';
import { texts } from '../texts.js';
import { type Snapshot, SnapshotPicture, snapshotsOf } from './snapshot-picture.js';
import { openViewer } from './viewer.js';

/** One visit with its snapshots. */
export function VisitCard({ visit }: { visit: VisitOfRoom }) {
  const { began_at, ended_at, snapshot_count: count, labels } = visit;
  if (ended_at === null) void now.value;
  const hidden = count - visit.snapshots.length;
  return (
    <li class={ended_at === null ? 'visit open' : 'visit'}>
      <h3>
        {visit.room !== '' && (
          <>
            <a href={`rooms/${visit.room}/`}>{visit.room}</a>
            {' · '}
          </>
        )}
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
        {labels.length > 0 && <span class="labels"> · {texts.recognised(labels)}</span>}
      </p>
      <ul class="snapshots">
        {snapshotsOf(visit).map((snapshot) => (
          <SnapshotCard key={snapshot.id} snapshot={snapshot} />
        ))}
      </ul>
      {hidden > 0 && <p class="hint">{texts.morePictures(hidden)}</p>}
    </li>
  );
}

function SnapshotCard({ snapshot }: { snapshot: Snapshot }) {
  const time = timeOf(new Date(snapshot.taken_at));
  const { state, error } = snapshot.upload;
  return (
    <li>
      <button type="button" class="thumb" title={texts.openSnapshot(time)} onClick={() => openViewer(snapshot)}>
        <SnapshotPicture snapshot={snapshot} />
      </button>
      <p class="hint">{time}</p>
      <p class={`upload ${state}`}>{texts.upload[state]}</p>
      {error !== null && <p class="path">{error.message}</p>}
    </li>
  );
}
