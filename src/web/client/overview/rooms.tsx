import { texts } from '../texts.js';
import { home, unansweredSince } from './home.js';
import { RoomCard } from './room-card.js';

/** All rooms, each with its picture and its status. */
export function Rooms() {
  const current = home.value;
  const unanswered = unansweredSince.value !== undefined;
  return (
    <>
      <h2 class="visually-hidden">{texts.overview.tabs.rooms}</h2>
      {current === undefined && !unanswered && <p class="empty">{texts.connecting}</p>}
      {current?.rooms.length === 0 && <p class="empty">{texts.overview.noRooms}</p>}
      <ul class="rooms">
        {current?.rooms.map((room) => (
          <RoomCard key={room.room} room={room} stale={unanswered || !current.broker.ok} />
        ))}
      </ul>
    </>
  );
}
