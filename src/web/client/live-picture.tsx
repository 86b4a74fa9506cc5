import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { LiveView } from '../../domain/page/payloads.js';
import { contact, contacts, state } from './room.js';
import { texts } from './texts.js';

/** The moving picture of one view, with whatever lies on top of it; it runs only while it is on the page. */
export function LivePicture({ view, children }: { view: LiveView; children?: ComponentChildren }) {
  const { picture, status } = state.value ?? {};
  const { width, height } = picture ?? { width: 4, height: 3 };
  const lost = status?.reason === 'camera_lost';
  const live = contact.value === 'live' && !lost;
  return (
    <div
      class={`picture ${live ? '' : 'stale'}`}
      style={{ aspectRatio: `${width} / ${height}`, maxWidth: `calc(66vh * ${width / height})` }}
    >
      {live ? (
        <Stream key={`${view} ${contacts.value}`} view={view} />
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
    // A browser goes on loading a stream whose image is gone from the page.
    return () => shown?.removeAttribute('src');
  }, []);
  return (
    <img
      ref={image}
      class={view}
      src={`/live.mjpg?view=${view}&contact=${contacts.value}`}
      alt={texts.pictureAlt(texts.views[view], state.value?.room ?? '')}
    />
  );
}
