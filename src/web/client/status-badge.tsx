import { now } from './clock.js';
import { contact, state } from './room.js';
import { texts } from './texts.js';
import { lengthOf, timeOf } from './time.js';

/** How the room is, why, and since when; says changes aloud, the passing of time not. */
export function StatusBadge() {
  if (state.value === undefined) return <p class="badge" />;
  const { status, reason, since } = state.value.status;
  const stale = contact.value !== 'live';
  return (
    <div class={`badge ${status} ${stale ? 'stale' : ''}`}>
      <p role="status">
        <strong>{texts.status[status]}</strong> <span>{texts.reason[reason]}</span>
      </p>
      <p class="since">
        <time dateTime={since}>
          {texts.since(timeOf(new Date(since)), lengthOf((now.value - Date.parse(since)) / 1000))}
        </time>
      </p>
    </div>
  );
}
