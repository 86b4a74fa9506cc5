import { LogOut } from '../parts/log-out.js';
import { texts } from '../texts.js';
import { home, unansweredSince } from './home.js';
import { RoomCard } from './room-card.js';
import { Troubles } from './troubles.js';

/** All rooms, each with its picture and its status. */
export function Home() {
  const current = home.value;
  const unanswered = unansweredSince.value !== undefined;
  return (
    <>
      <header>
        <div class="bar">
          <h1>
            <img src="assets/icon.svg" alt="" width="28" height="28" />
            <span>{texts.product}</span>
          </h1>
          <LogOut />
        </div>
      </header>
      <Troubles />
      <main id="main" tabIndex={-1}>
        <h2 class="visually-hidden">{texts.overview.title}</h2>
        {current === undefined && !unanswered && <p class="empty">{texts.connecting}</p>}
        {current?.rooms.length === 0 && <p class="empty">{texts.overview.noRooms}</p>}
        <ul class="rooms">
          {current?.rooms.map((room) => (
            <RoomCard key={room.room} room={room} stale={unanswered || !current.broker.ok} />
          ))}
        </ul>
      </main>
    </>
  );
}
