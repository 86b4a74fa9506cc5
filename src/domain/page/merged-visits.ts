import type { Visit } from './payloads.js';

/** A visit, and the room it was in. */
export type VisitOfRoom = Visit & { readonly room: string };

/** The visits of one room that are loaded, newest first; `more` says whether it has older ones. */
export type LoadedVisits = { readonly visits: readonly Visit[]; readonly more: boolean };

/** The visits of several rooms in one list, newest first, and the rooms whose older visits must be loaded to continue it. */
export type MergedVisits = { readonly visits: readonly VisitOfRoom[]; readonly next: readonly string[] };

/** Merges as far back as the visits of every room are loaded: what is shown never gets an older visit in between. */
export function mergeVisits(rooms: ReadonlyMap<string, LoadedVisits>): MergedVisits {
  const parts = [...rooms].map(([room, loaded]) => ({ room, ...loaded, place: 0 }));
  const merged: VisitOfRoom[] = [];
  for (;;) {
    const next = parts.filter(({ visits, place, more }) => more && place === visits.length);
    const newest = parts
      .filter(({ visits, place }) => place < visits.length)
      .reduce<(typeof parts)[number] | undefined>(
        (best, part) => (best && beginOf(best) >= beginOf(part) ? best : part),
        undefined,
      );
    if (next.length > 0 || newest === undefined) return { visits: merged, next: next.map(({ room }) => room) };
    merged.push({ ...newest.visits[newest.place]!, room: newest.room });
    newest.place += 1;
  }
}

function beginOf({ visits, place }: LoadedVisits & { readonly place: number }): string {
  return visits[place]!.began_at;
}
