import type { ComponentChildren } from 'preact';
import type { LiveView } from '../../domain/page-payloads.js';
import { contact, contacts, state } from './room.js';
import { texts } from './texts.js';

const still = 'data:,';

/** The moving picture of one view, with whatever lies on top of it; it runs only while it is on the page. */
export function LivePicture({ view, children }: { view: LiveView; children?: ComponentChildren }) {
  const { picture, room, status } = state.value ?? {};
  const ratio = picture ? `${picture.width} / ${picture.height}` : '4 / 3';
  const lost = status?.reason === 'camera_lost';
  const live = contact.value === 'live' && !lost;
  return (
    <div class={`picture ${live ? '' : 'stale'}`} style={{ aspectRatio: ratio }}>
      {live ? (
        <img
          key={`${view} ${contacts.value}`}
          class={view}
          src={`/live.mjpg?view=${view}&contact=${contacts.value}`}
          alt={texts.pictureAlt(texts.views[view], room ?? '')}
          // A browser goes on loading a stream whose image is gone from the page.
          ref={(image) => () => image?.setAttribute('src', still)}
        />
      ) : (
        <p>{lost ? texts.noPicture : texts.connecting}</p>
      )}
      {children}
    </div>
  );
}
