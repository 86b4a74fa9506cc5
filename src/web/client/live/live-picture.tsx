import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { LiveView } from '../../../domain/page/payloads.js';
import { connection, connectionCount, state } from '../state/room.js';
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
        <Stream key={`${view} ${connectionCount.value}`} view={view} />
      ) : (
        <p>{lost ? texts.noPicture : texts.connecting}</p>
      )}
      {children}
    </div>
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
      alt={texts.pictureAlt(texts.views[view], state.value?.room ?? '')}
    />
  );
}
