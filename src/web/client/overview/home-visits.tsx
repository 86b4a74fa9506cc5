import { useEffect } from 'preact/hooks';
import { texts } from '../texts.js';
import { Visits } from '../visits/visits.js';
import { home } from './home.js';
import { chooseRoom, chosenRoom, followVisits, homeVisits } from './visits-of-rooms.js';

const everyMs = 10_000;

/** The visits of all rooms, or of one of them. */
export function HomeVisits() {
  const known = home.value !== undefined;
  useEffect(() => {
    if (!known) return undefined;
    const follow = () => void (document.visibilityState === 'visible' && followVisits());
    follow();
    const timer = setInterval(follow, everyMs);
    document.addEventListener('visibilitychange', follow);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', follow);
    };
  }, [known]);
  const rooms = home.value?.rooms.map(({ room }) => room) ?? [];
  if (known && rooms.length === 0) return <p class="empty">{texts.overview.noRooms}</p>;
  return (
    <>
      <div role="status">
        {homeVisits.missing.value.map((room) => (
          <p key={room} class="missing">
            {texts.overview.missing(room)}
          </p>
        ))}
      </div>
      <Visits list={homeVisits} load={followVisits}>
        <label>
          {texts.overview.room}{' '}
          <select value={chosenRoom.value} onChange={({ currentTarget }) => chooseRoom(currentTarget.value)}>
            <option value="">{texts.overview.tabs.rooms}</option>
            {rooms.map((room) => (
              <option key={room} value={room}>
                {room}
              </option>
            ))}
          </select>
        </label>
      </Visits>
    </>
  );
}
