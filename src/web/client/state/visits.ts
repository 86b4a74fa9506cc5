import { api } from './api.js';
import { createVisitList } from './visit-list.js';

/** On a room's own page, its name is no part of any address. */
const thisRoom = '';

/** The visits of the room. */
export const roomVisits = createVisitList([thisRoom], (_, query) => api.visits(query));

/** Loads the newest visits again, about as many as before. */
export const reloadVisits = () => roomVisits.reload(thisRoom);

/** Receives a visit that has changed or begun. */
export const visitChanged = (visit: Parameters<typeof roomVisits.changed>[1]) => roomVisits.changed(thisRoom, visit);
