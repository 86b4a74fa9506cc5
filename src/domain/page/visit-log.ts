import * as z from 'zod';
import { type Visit, visit as visitSchema } from './payloads.js';
import type { RoomStatus, SnapshotReceipt, UploadResult } from '../contract/payloads.js';

const mostVisits = 100;
const mostSnapshots = 24;

/** The last visits, newest first, put together from what the room says. Each method gives the visit it changed. */
export type VisitLog = {
  statusPublished(said: Pick<RoomStatus, 'visit' | 'at' | 'since'>): Visit | undefined;
  snapshotStored(taken: Pick<SnapshotReceipt, 'id' | 'visit' | 'reason' | 'taken_at' | 'bytes'>): Visit;
  uploadFinished(
    result: Pick<UploadResult, 'snapshot' | 'result' | 'archive' | 'path' | 'finished_at' | 'error'>,
  ): Visit | undefined;
  list(): readonly Visit[];
};

/** Reads what `list` gave once and was kept as JSON; nothing, where that does not fit any more. */
export function parseStoredVisits(json: unknown): readonly Visit[] {
  return z.array(visitSchema).safeParse(json).data ?? [];
}

/** @param kept what an earlier run's `list` gave; a visit it left open ended with its last picture */
export function createVisitLog(kept: readonly Visit[] = []): VisitLog {
  const visits: Visit[] = kept.slice(0, mostVisits).map((visit) => ({
    ...visit,
    ended_at: visit.ended_at ?? visit.snapshots[0]?.taken_at ?? visit.began_at,
  }));
  const begin = (visit: Visit) => {
    visits.unshift(visit);
    visits.length = Math.min(visits.length, mostVisits);
    return visit;
  };
  const find = (id: string | null) => (id === null ? undefined : visits.find((visit) => visit.visit === id));
  const empty = { ended_at: null, snapshot_count: 0, snapshots: [] };

  return {
    statusPublished({ visit: id, at, since }) {
      const open = visits.find((visit) => visit.ended_at === null);
      if (open !== undefined && open.visit !== id) open.ended_at = at;
      if (id === null || find(id) !== undefined) return open;
      return begin({ key: id, visit: id, began_at: since, ...empty });
    },
    snapshotStored({ id, visit: of, reason, taken_at, bytes }) {
      const visit = find(of) ?? begin({ key: of ?? id, visit: of, began_at: taken_at, ...empty });
      if (of === null) visit.ended_at = taken_at;
      const upload = { state: 'queued' as const, archive: null, path: null, finished_at: null, error: null };
      visit.snapshots = [{ id, taken_at, reason, bytes, upload }, ...visit.snapshots].slice(0, mostSnapshots);
      visit.snapshot_count += 1;
      return visit;
    },
    uploadFinished({ snapshot: id, result, archive, path, finished_at, error }) {
      for (const visit of visits) {
        const snapshot = visit.snapshots.find((taken) => taken.id === id);
        if (snapshot === undefined) continue;
        snapshot.upload = { state: result, archive, path, finished_at, error };
        return visit;
      }
      return undefined;
    },
    list: () => visits,
  };
}
