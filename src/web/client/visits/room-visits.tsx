import { state } from '../state/room.js';
import { reloadVisits, roomVisits } from '../state/visits.js';
import { Visits } from './visits.js';

/** The visits of the room. */
export function RoomVisits() {
  return <Visits list={roomVisits} load={reloadVisits} thisRoom={state.value?.room ?? ''} />;
}
