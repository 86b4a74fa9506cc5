import type { Overview } from '../../../domain/page/overview.js';
import { lengthOf, timeOf } from '../parts/time.js';
import { now } from '../state/clock.js';
import { texts } from '../texts.js';
import { RoomPicture } from './room-picture.js';

type Room = Overview['rooms'][number];

/**
 * One room of the overview. Its status is shown as unknown while its detector is offline, or while nobody can say (`stale`).
 */
export function RoomCard({ room, stale }: { room: Room; stale: boolean }) {
  const silent = stale || !room.online || room.status === null;
  const status = silent || room.status === null ? undefined : room.status;
  const people = status?.people ?? 0;
  const shown = status?.status ?? 'unknown';
  const why = status === undefined ? (room.online ? '' : texts.overview.offline) : texts.reason[status.reason];
  return (
    <li class={`room ${shown}`}>
      <a href={`rooms/${room.room}/`}>
        <h3>{room.room}</h3>
        <RoomPicture room={room.room} live={room.online && room.reachable && !stale} />
        <p class={`badge ${shown}`}>
          <strong>{texts.status[shown]}</strong> <span>{why}</span>
          {people > 0 && <span class="people"> · {texts.people(people)}</span>}
        </p>
        {status !== undefined && (
          <p class="since">
            <time dateTime={status.since}>
              {texts.since(timeOf(new Date(status.since)), lengthOf((now.value - Date.parse(status.since)) / 1000))}
            </time>
          </p>
        )}
      </a>
    </li>
  );
}
