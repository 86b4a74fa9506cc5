import type { RoomStatus, SnapshotFacts, UploadResult } from '../contract/payloads.js';
import type { Visit, VisitPage, VisitQuery } from './payloads.js';

/** The oldest visits go first; a day with a visit every minute fits. `perVisit` are the newest snapshots of one visit. */
const most = { visits: 2000, snapshots: 6000, perVisit: 48 };
const defaultLimit = 100;

/** The visits of a room, collected from its events. Each method that changes one returns it. */
export type VisitLog = {
  statusPublished(status: Pick<RoomStatus, 'visit' | 'at' | 'since'>): Visit | undefined;
  snapshotStored(snapshot: Pick<SnapshotFacts, 'id' | 'visit' | 'reason' | 'taken_at' | 'bytes' | 'regions'>): Visit;
  uploadFinished(
    result: Pick<UploadResult, 'snapshot' | 'result' | 'archive' | 'path' | 'finished_at' | 'error'>,
  ): Visit | undefined;
  /** A part of the list, newest first. */
  read(query: VisitQuery): VisitPage;
  has(key: string): boolean;
};

/** @param stored the visits of earlier runs, newest first; one that was still open then ended with its last snapshot */
export function createVisitLog(stored: readonly Visit[] = []): VisitLog {
  const visits: Visit[] = stored.map((visit) => ({
    ...visit,
    ended_at: visit.ended_at ?? visit.snapshots[0]?.taken_at ?? visit.began_at,
  }));
  let snapshots = visits.reduce((sum, visit) => sum + visit.snapshots.length, 0);
  const dropOldest = () => {
    while (visits.length > most.visits || (snapshots > most.snapshots && visits.length > 1))
      snapshots -= visits.pop()?.snapshots.length ?? 0;
  };
  dropOldest();
  const add = (visit: Visit) => {
    visits.unshift(visit);
    dropOldest();
    return visit;
  };
  const find = (id: string | null) => (id === null ? undefined : visits.find((visit) => visit.visit === id));
  const empty = { ended_at: null, labels: [], snapshot_count: 0, snapshots: [] };

  return {
    statusPublished({ visit: id, at, since }) {
      const open = visits.find((visit) => visit.ended_at === null);
      if (open !== undefined && open.visit !== id) open.ended_at = at;
      if (id === null || find(id) !== undefined) return open;
      return add({ key: id, visit: id, began_at: since, ...empty });
    },
    snapshotStored({ id, visit: visitId, reason, taken_at, bytes, regions }) {
      const visit = find(visitId) ?? add({ key: visitId ?? id, visit: visitId, began_at: taken_at, ...empty });
      if (visitId === null) visit.ended_at = taken_at;
      const upload = { state: 'queued' as const, archive: null, path: null, finished_at: null, error: null };
      const labels = distinct(regions.flatMap(({ label }) => label ?? []));
      visit.labels = distinct([...visit.labels, ...labels]);
      visit.snapshots = [{ id, taken_at, reason, bytes, labels, upload }, ...visit.snapshots];
      snapshots += 1;
      if (visit.snapshots.length > most.perVisit) {
        visit.snapshots.pop();
        snapshots -= 1;
      }
      visit.snapshot_count += 1;
      dropOldest();
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
    read: (query) => readPage(visits, query),
    has: (key) => visits.some((visit) => visit.key === key),
  };
}

function readPage(visits: readonly Visit[], { before, since = '', limit = defaultLimit }: VisitQuery): VisitPage {
  const from = before === undefined ? 0 : firstBefore(visits, before);
  const found = visits.slice(from).filter(({ began_at }) => began_at >= since);
  return { visits: found.slice(0, limit), more: found.length > limit };
}

/** The place of the first visit that comes after the one with this key, or that began before this time. */
function firstBefore(visits: readonly Visit[], before: string): number {
  const last = visits.findIndex(({ key }) => key === before);
  if (last >= 0) return last + 1;
  const first = visits.findIndex(({ began_at }) => began_at < before);
  // A key that is not in the list was dropped, with everything older.
  return first >= 0 && before.endsWith('Z') ? first : visits.length;
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
