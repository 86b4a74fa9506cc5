import { useEffect, useRef, useState } from 'preact/hooks';
import { texts } from '../texts.js';
import { round } from './home.js';

/** The newest picture of a room, a few seconds old at most; the next one is requested only when this one has arrived. */
export function RoomPicture({ room, live }: { room: string; live: boolean }) {
  const [requested, setRequested] = useState(0);
  const [arrived, setArrived] = useState(false);
  const loading = useRef(false);
  const { value } = round;
  useEffect(() => {
    if (loading.current || !live) return;
    loading.current = true;
    setRequested(value);
  }, [live, value]);
  const ended = (isPicture: boolean) => () => {
    loading.current = false;
    setArrived(isPicture);
  };
  const words = live && !arrived ? texts.connecting : texts.overview.noPicture;
  return (
    <div class="room-picture">
      {live && (
        <img
          src={`rooms/${room}/api/picture.jpg?request=${requested}`}
          hidden={!arrived}
          alt=""
          onLoad={ended(true)}
          onError={ended(false)}
        />
      )}
      {!(live && arrived) && <p>{words}</p>}
    </div>
  );
}
