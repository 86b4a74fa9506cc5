import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { LiveView } from '../../../domain/page/payloads.js';
import { connectionCount } from '../state/connections.js';
import { connection, state } from '../state/room.js';
import { texts } from '../texts.js';

/** The live picture of one view, with the children on top of it; it is loaded only while it is on the page. */
export function LivePicture({ view, children }: { view: LiveView; children?: ComponentChildren }) {
  const { picture, status } = state.value ?? {};
  const { width, height } = picture ?? { width: 4, height: 3 };
  const lost = status?.reason === 'camera_lost';
  const live = connection.value === 'live' && !lost;
  return (
    <div
      class={`picture ${live ? '' : 'stale'}`}
      style={{ aspectRatio: `${width} / ${height}`, maxWidth: `calc(66vh * ${width / height})` }}
    >
      {live ? (
        <Pictures key={`${view} ${connectionCount.value}`} view={view} />
      ) : (
        <p>{connection.value === 'gone' ? texts.noAnswer : lost ? texts.noPicture : texts.connecting}</p>
      )}
      {children}
    </div>
  );
}

/** As a stream; where a proxy on the way breaks that, one after the other. */
function Pictures({ view }: { view: LiveView }) {
  useEffect(() => void findOut(), []);
  if (streams.value === undefined) return <p>{texts.connecting}</p>;
  return streams.value ? <Stream view={view} /> : <Singles view={view} />;
}

/** Whether the stream arrives as it was sent; undefined until that is known. */
const streams = signal<boolean | undefined>(undefined);

/** Home Assistant's ingress, for one, removes the boundary between the pictures from the type of the stream. */
async function findOut(): Promise<void> {
  if (streams.value !== undefined) return;
  // Not HEAD, which Home Assistant does not pass on.
  const enough = new AbortController();
  const answer = await fetch('live.mjpg', { signal: enough.signal }).catch(() => undefined);
  enough.abort();
  // Without an answer, the connection is lost, and this is asked again after the next one.
  if (answer?.ok) streams.value = answer.headers.get('content-type')?.includes('boundary=') === true;
}

/** Requests the next picture when the last one has arrived. */
function Singles({ view }: { view: LiveView }) {
  const [request, setRequest] = useState(0);
  const retry = useRef<number>(undefined);
  useEffect(() => () => clearTimeout(retry.current), []);
  const next = () => setRequest((count) => count + 1);
  return (
    <img
      class={view}
      src={`api/picture.jpg?view=${view}&request=${request}`}
      alt={pictureAlt(view)}
      onLoad={next}
      onError={() => (retry.current = setTimeout(next, 1000))}
    />
  );
}

function Stream({ view }: { view: LiveView }) {
  const image = useRef<HTMLImageElement>(null);
  useEffect(() => {
    const shown = image.current;
    // Without this, a browser goes on loading the stream of an image that was removed.
    return () => shown?.removeAttribute('src');
  }, []);
  return (
    <img
      ref={image}
      class={view}
      src={`live.mjpg?view=${view}&connection=${connectionCount.value}`}
      alt={pictureAlt(view)}
    />
  );
}

function pictureAlt(view: LiveView): string {
  return texts.pictureAlt(texts.views[view], state.value?.room ?? '');
}
