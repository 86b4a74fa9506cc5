import { signal } from '@preact/signals';
import type { VisitPage } from '../../../domain/page/payloads.js';
import { call, parameters } from '../state/api.js';
import { connectionCount } from '../state/connections.js';
import { createVisitList } from '../state/visit-list.js';
import { home, unansweredSince } from './home.js';

/** The room whose visits are shown; empty for all rooms. */
export const chosenRoom = signal('');

/** A detector that has not answered by then is left out until it does. */
const answerMs = 7000;

/** The visits of the rooms, which their detectors have. */
export const homeVisits = createVisitList([], (room, query) =>
  call<VisitPage>('GET', `rooms/${room}/api/visits?${parameters(query)}`, undefined, answerMs),
);

/** Loads what has changed in the rooms; a room that cannot answer is missing until a later call. */
export async function followVisits(): Promise<void> {
  // Nothing is known about the rooms while the page of all rooms itself does not answer.
  if (unansweredSince.value !== undefined) return;
  const all = home.value?.rooms ?? [];
  if (all.every(({ room }) => room !== chosenRoom.value)) chosenRoom.value = '';
  const rooms = all.filter(({ room }) => chosenRoom.value === '' || chosenRoom.value === room);
  homeVisits.show(rooms.map(({ room }) => room));
  const missingBefore = homeVisits.missing.value;
  await Promise.allSettled(
    rooms.map(async ({ room, online, reachable }) => {
      if (online && reachable) await homeVisits.refresh(room);
      else homeVisits.fail(room);
    }),
  );
  if (missingBefore.some((room) => !homeVisits.missing.value.includes(room))) connectionCount.value += 1;
}

/** Shows the visits of one room, or of all rooms if it is empty. */
export function chooseRoom(room: string): void {
  chosenRoom.value = room;
  void followVisits();
}
