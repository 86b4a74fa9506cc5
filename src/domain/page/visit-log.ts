import * as z from 'zod';
import { type Visit, visit as visitSchema } from './payloads.js';
import type { RoomStatus, SnapshotReceipt, UploadResult } from '../contract/payloads.js';

const maxVisits = 100;
const maxSnapshots = 24;

/** The last visits, newest first, collected from the room's events. Each method returns the visit it changed. */
export type VisitLog = {
  statusPublished(status: Pick<RoomStatus, 'visit' | 'at' | 'since'>): Visit | undefined;
  snapshotStored(receipt: Pick<SnapshotReceipt, 'id' | 'visit' | 'reason' | 'taken_at' | 'bytes'>): Visit;
  uploadFinished(
    result: Pick<UploadResult, 'snapshot' | 'result' | 'archive' | 'path' | 'finished_at' | 'error'>,
  ): Visit | undefined;
  list(): readonly Visit[];
};

/** Reads the stored JSON of an earlier `list`; returns no visits if it does not fit the schema any more. */
export function parseStoredVisits(json: unknown): readonly Visit[] {
  return z.array(visitSchema).safeParse(json).data ?? [];
}

/** @param stored the `list` of an earlier run; a visit that was still open then ended with its last snapshot */
export function createVisitLog(stored: readonly Visit[] = []): VisitLog {
  const visits: Visit[] = stored.slice(0, maxVisits).map((visit) => ({
    ...visit,
    ended_at: visit.ended_at ?? visit.snapshots[0]?.taken_at ?? visit.began_at,
  }));
  const add = (visit: Visit) => {
    visits.unshift(visit);
    visits.length = Math.min(visits.length, maxVisits);
    return visit;
  };
  const find = (id: string | null) => (id === null ? undefined : visits.find((visit) => visit.visit === id));
  const empty = { ended_at: null, snapshot_count: 0, snapshots: [] };

  return {
    statusPublished({ visit: id, at, since }) {
      const open = visits.find((visit) => visit.ended_at === null);
      if (open !== undefined && open.visit !== id) open.ended_at = at;
      if (id === null || find(id) !== undefined) return open;
      return add({ key: id, visit: id, began_at: since, ...empty });
    },
    snapshotStored({ id, visit: visitId, reason, taken_at, bytes }) {
      const visit = find(visitId) ?? add({ key: visitId ?? id, visit: visitId, began_at: taken_at, ...empty });
      if (visitId === null) visit.ended_at = taken_at;
      const upload = { state: 'queued' as const, archive: null, path: null, finished_at: null, error: null };
      visit.snapshots = [{ id, taken_at, reason, bytes, upload }, ...visit.snapshots].slice(0, maxSnapshots);
      visit.snapshot_count += 1;
      return visit;
    },
    uploadFinished({ snapshot: id, result, archive, path, finished_at, error }) {
      for (const visit of visits) {
        const snapshot = visit.snapshots.find((one) => one.id === id);
        if (snapshot === undefined) continue;
        snapshot.upload = { state: result, archive, path, finished_at, error };
        return visit;
      }
      return undefined;
    },
    list: () => visits,
  };
}
