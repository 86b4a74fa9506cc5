import { now } from '../state/clock.js';
import { connection, state } from '../state/room.js';
import { texts } from '../texts.js';
import { lengthOf, timeOf } from './time.js';

/** The room's status, its reason and its time; a screen reader announces changes of the status, but not of the duration. */
export function StatusBadge() {
  if (state.value === undefined) return <p class="badge" />;
  const { status, reason, since, people, confirmed } = state.value.status;
  const recognises = state.value.occupied_by?.includes('anything') === false;
  if (connection.value === 'gone') {
    return (
      <div class="badge unknown">
        <p role="status">
          <strong>{texts.status.unknown}</strong> <span>{texts.goneBadge}</span>
        </p>
        <p class="since">{texts.lastKnown(texts.status[status].toLowerCase())}</p>
      </div>
    );
  }
  const stale = connection.value !== 'live';
  return (
    <div class={`badge ${status} ${stale ? 'stale' : ''}`}>
      <p role="status">
        <strong>{texts.status[status]}</strong> <span>{texts.reason[reason]}</span>
        {people !== null && people > 0 && <span class="people"> · {texts.people(people)}</span>}
        {status === 'occupied' && recognises && !confirmed && <span class="people"> · {texts.unconfirmed}</span>}
      </p>
      <p class="since">
        <time dateTime={since}>
          {texts.since(timeOf(new Date(since)), lengthOf((now.value - Date.parse(since)) / 1000))}
        </time>
      </p>
    </div>
  );
}
