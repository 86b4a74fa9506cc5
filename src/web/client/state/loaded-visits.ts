import { signal } from '@preact/signals';
import { type LoadedVisits, mergeVisits, type VisitOfRoom } from '../../../domain/page/merged-visits.js';
import type { Visit } from '../../../domain/page/payloads.js';

/** The visits that are loaded, of the rooms that are shown. */
export function createLoadedVisits(shownRooms: readonly string[]) {
  const visits = signal<readonly VisitOfRoom[] | undefined>(undefined);
  const more = signal(false);
  const missing = signal<readonly string[]>([]);
  const loaded = new Map<string, LoadedVisits>();
  const failed = new Set<string>();
  let rooms = shownRooms;

  /** The list does not wait for a room that does not answer. */
  const merge = () =>
    mergeVisits(
      new Map(
        rooms.flatMap((room) => {
          const part = loaded.get(room);
          return part === undefined ? [] : [[room, failed.has(room) ? { ...part, more: false } : part] as const];
        }),
      ),
    );
  const waiting = (): readonly string[] => {
    const { next } = merge();
    return next.length > 0 ? next : rooms.filter((room) => failed.has(room) && loaded.get(room)?.more === true);
  };
  const changed = () => {
    visits.value = rooms.some((room) => loaded.has(room) || failed.has(room)) ? merge().visits : undefined;
    more.value = waiting().length > 0;
    missing.value = rooms.filter((room) => failed.has(room));
  };

  return {
    /** Newest first; undefined before the first ones are loaded. */
    visits,
    /** Whether there are older ones. */
    more,
    /** The rooms whose visits could not be loaded, or not all of them. */
    missing,
    of: (room: string): LoadedVisits | undefined => loaded.get(room),
    /** The rooms whose older visits continue the list. */
    waiting,
    show(chosen: readonly string[]): void {
      rooms = chosen;
      changed();
    },
    put(room: string, part: LoadedVisits): void {
      loaded.set(room, part);
      failed.delete(room);
      changed();
    },
    /** Replaces a visit, or puts it in front if it is a new one. */
    putOne(room: string, visit: Visit): void {
      const part = loaded.get(room) ?? { visits: [], more: false };
      const known = part.visits.some(({ key }) => key === visit.key);
      if (!known && visit.began_at < (part.visits[0]?.began_at ?? '')) return;
      const others = known ? part.visits.map((one) => (one.key === visit.key ? visit : one)) : [visit, ...part.visits];
      loaded.set(room, { ...part, visits: others });
      changed();
    },
    fail(room: string): void {
      failed.add(room);
      changed();
    },
    clear(): void {
      loaded.clear();
      failed.clear();
      changed();
    },
  };
}
