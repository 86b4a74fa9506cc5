import { useEffect } from 'preact/hooks';
import type { Overview } from '../../../domain/page/overview.js';
import { texts } from '../texts.js';
import { Visits } from '../visits/visits.js';
import { home } from './home.js';
import { chooseRoom, chosenRoom, followVisits, homeVisits } from './visits-of-rooms.js';

/** So often the visits are looked at for what the state of the rooms does not tell, such as uploads. */
const everyMs = 10_000;

/** Changes when a detector comes or goes, and when a visit begins or ends. */
function newsOf({ rooms }: Overview): string {
  return JSON.stringify(rooms.map(({ room, online, reachable, status }) => [room, online, reachable, status?.since]));
}

/** The visits of all rooms, or of one of them. */
export function HomeVisits() {
  const news = home.value && newsOf(home.value);
  useEffect(() => {
    if (news === undefined) return undefined;
    const follow = () => void (document.visibilityState === 'visible' && followVisits());
    follow();
    const timer = setInterval(follow, everyMs);
    document.addEventListener('visibilitychange', follow);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', follow);
    };
  }, [news]);
  const rooms = home.value?.rooms.map(({ room }) => room) ?? [];
  if (home.value?.rooms.length === 0) return <p class="empty">{texts.overview.noRooms}</p>;
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
