import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { timeOf } from '../parts/time.js';
import type { VisitList } from '../state/visit-list.js';
import { texts } from '../texts.js';
import { type Snapshot, SnapshotPicture, snapshotsOf, urlOf } from './snapshot-picture.js';

/** the id of the snapshot that is shown */
const shownId = signal<string | undefined>(undefined);
/** A finger that moves this far to one side, in CSS pixels, leafs. */
const swipeLength = 50;
/** Older visits are loaded when so few snapshots are left. */
const fewLeft = 3;

/** Shows a snapshot on the whole screen. */
export function openViewer({ id }: Pick<Snapshot, 'id'>): void {
  shownId.value = id;
}

/**
 * The snapshots of the loaded visits, one at a time on the whole screen: buttons, arrow keys or a swipe show the next one.
 * @param thisRoom the room of a snapshot without one
 */
export function Viewer({ list, thisRoom }: { list: VisitList; thisRoom: string }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const swipeFrom = useRef<number | undefined>(undefined);
  const all = (list.visits.value ?? []).flatMap(snapshotsOf);
  const place = all.findIndex(({ id }) => id === shownId.value);
  const snapshot = all[place];
  const open = snapshot !== undefined;
  useEffect(() => {
    if (!open) dialog.current?.close();
    else if (dialog.current?.open === false) dialog.current.showModal();
  }, [open]);

  const leaf = (by: 1 | -1) => {
    const next = all[place + by];
    if (next !== undefined) shownId.value = next.id;
    if (place + by >= all.length - fewLeft) void list.loadOlder().catch(() => undefined);
  };
  const byKey = ({ key }: KeyboardEvent) => {
    if (key === 'ArrowLeft') leaf(-1);
    else if (key === 'ArrowRight') leaf(1);
  };
  const touchEnded = ({ changedTouches }: TouchEvent) => {
    const moved = (changedTouches[0]?.clientX ?? 0) - (swipeFrom.current ?? NaN);
    if (Math.abs(moved) >= swipeLength) leaf(moved < 0 ? 1 : -1);
  };
  return (
    <dialog
      ref={dialog}
      class="viewer"
      aria-label={snapshot && texts.snapshotAlt(timeOf(new Date(snapshot.taken_at)))}
      onClose={() => (shownId.value = undefined)}
      onKeyDown={byKey}
      onTouchStart={({ touches }) => (swipeFrom.current = touches.length === 1 ? touches[0]?.clientX : undefined)}
      onTouchEnd={touchEnded}
    >
      {snapshot && (
        <>
          <div class="stage">
            <SnapshotPicture key={snapshot.id} snapshot={snapshot} />
          </div>
          <Facts snapshot={snapshot} />
          <div class="controls">
            <Leaf text={texts.previous} end={place === 0} onClick={() => leaf(-1)} />
            <span class="position" role="status">
              {texts.position(place + 1, all.length, list.more.value)}
            </span>
            <Leaf text={texts.next} end={place === all.length - 1} onClick={() => leaf(1)} autofocus />
            <a class="button" href={urlOf(snapshot)} download={fileName(snapshot, thisRoom)}>
              {texts.download}
            </a>
            <button type="button" onClick={() => dialog.current?.close()}>
              {texts.close}
            </button>
          </div>
        </>
      )}
    </dialog>
  );
}

type LeafProps = { text: string; end: boolean; onClick: () => void; autofocus?: boolean };

/** Not `disabled` at the end of the list: the button would lose the focus, and the dialog the arrow keys. */
function Leaf({ text, end, onClick, autofocus = false }: LeafProps) {
  return (
    <button type="button" aria-disabled={end} autofocus={autofocus} onClick={onClick}>
      {text}
    </button>
  );
}

function Facts({ snapshot: { room, taken_at, labels, upload } }: { snapshot: Snapshot }) {
  return (
    <div class="facts">
      <p>
        {room !== '' && `${room} · `}
        <time dateTime={taken_at}>{timeOf(new Date(taken_at))}</time>
        {labels.length > 0 && ` · ${texts.recognised(labels)}`}
      </p>
      <p class={`upload ${upload.state}`}>{texts.upload[upload.state]}</p>
      {upload.error !== null && <p class="path">{upload.error.message}</p>}
      {upload.path !== null && (
        <details>
          <summary>{texts.archivePath}</summary>
          <p class="path">{upload.path}</p>
        </details>
      )}
    </div>
  );
}

/** As in `hall-2026-11-22T10-15-30.jpg`, in UTC. */
function fileName({ room, taken_at }: Snapshot, thisRoom: string): string {
  return `${room === '' ? thisRoom : room}-${taken_at.slice(0, 19).replaceAll(':', '-')}.jpg`;
}
