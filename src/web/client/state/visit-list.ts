import { signal } from '@preact/signals';
import type { Visit, VisitPage, VisitQuery } from '../../../domain/page/payloads.js';
import { createLoadedVisits } from './loaded-visits.js';

/** The visits of one room or of several in one list, newest first, loaded part by part. */
export type VisitList = ReturnType<typeof createVisitList>;

const pageLength = 20;
const maxLimit = 100;
/** So many of the newest visits show what has changed. */
const newestLength = 5;

/** @param load loads a part of the visits of one room */
export function createVisitList(
  rooms: readonly string[],
  load: (room: string, query: VisitQuery) => Promise<VisitPage>,
) {
  const loaded = createLoadedVisits(rooms);
  const day = signal('');
  /** Changes when another day is chosen: an answer for the day before is then ignored. */
  let choice = 0;
  let loading = false;

  /** Undefined if another day was chosen meanwhile. */
  async function ask(room: string, query: VisitQuery): Promise<VisitPage | undefined> {
    const asked = choice;
    try {
      const page = await load(room, { ...boundsOf(day.value), ...query });
      return asked === choice ? page : undefined;
    } catch (error) {
      if (asked === choice) loaded.fail(room);
      throw error;
    }
  }

  async function reload(room: string): Promise<void> {
    const known = loaded.of(room)?.visits.length ?? 0;
    const page = await ask(room, { limit: Math.min(maxLimit, Math.max(pageLength, known)) });
    if (page !== undefined) loaded.put(room, page);
  }

  async function loadOlderOf(room: string): Promise<void> {
    const last = loaded.of(room)?.visits.at(-1)?.key;
    const page = await ask(room, { ...(last !== undefined && { before: last }), limit: pageLength });
    if (page === undefined) return;
    const known = loaded.of(room)?.visits ?? [];
    loaded.put(room, { visits: [...known, ...page.visits.filter(isNoneOf(known))], more: page.more });
  }

  function changed(room: string, visit: Visit): void {
    const { since = '', before = '~' } = boundsOf(day.value);
    if (visit.began_at >= since && visit.began_at < before) loaded.putOne(room, visit);
  }

  const { visits, more, missing, show, fail } = loaded;
  return {
    ...{ visits, more, missing, show, fail, reload, changed },
    /** The chosen day in local time, as in `2026-11-22`; empty for all days. */
    day,
    /** Begins anew with the visits of one day, or of all days if it is empty. Then load them. */
    chooseDay(chosen: string): void {
      choice += 1;
      day.value = chosen;
      loaded.clear();
    },
    /** Loads what has changed in a room: its newest visits, or the list of the room if too many have begun. */
    async refresh(room: string): Promise<void> {
      const known = loaded.of(room)?.visits;
      if (known === undefined || missing.value.includes(room)) return reload(room);
      const page = await ask(room, { limit: newestLength });
      if (page?.more === true && page.visits.every(isNoneOf(known))) return reload(room);
      for (const visit of [...(page?.visits ?? [])].reverse()) changed(room, visit);
    },
    /** Loads the next older visits; does nothing while some are being loaded. */
    async loadOlder(): Promise<void> {
      if (loading) return;
      loading = true;
      try {
        await Promise.all(loaded.waiting().map(loadOlderOf));
      } finally {
        loading = false;
      }
    },
  };
}

function isNoneOf(known: readonly Visit[]): (visit: Visit) => boolean {
  const keys = new Set(known.map(({ key }) => key));
  return ({ key }) => !keys.has(key);
}

/** The first instant of a day and of the day after it. */
function boundsOf(day: string): { since?: string; before?: string } {
  const first = new Date(`${day}T00:00`);
  if (Number.isNaN(first.getTime())) return {};
  const next = new Date(first);
  next.setDate(next.getDate() + 1);
  return { since: first.toISOString(), before: next.toISOString() };
}
