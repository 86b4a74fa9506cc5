import { expect, test } from 'vitest';
import { createVisitLog } from '../../../src/domain/page/visit-log.js';
import { toInstant } from '../../../src/domain/contract/payloads.js';

const id = (n: number) => `0193a5c0-0000-7000-8000-${String(n).padStart(12, '0')}`;
const status = (visit: string | null, at: number) => ({ visit, at: toInstant(at), since: toInstant(at) });
const snapshot = (n: number, visit: string | null, at: number) => ({
  id: id(n),
  visit,
  reason: visit === null ? ('command' as const) : ('motion' as const),
  taken_at: toInstant(at),
  bytes: 1000,
});

test('a visit begins, has snapshots that are uploaded, and ends', () => {
  const log = createVisitLog();
  log.statusPublished(status(null, 90));
  log.statusPublished(status(id(1), 100));
  log.snapshotStored(snapshot(11, id(1), 101));
  log.snapshotStored(snapshot(12, id(1), 104));
  expect(log.list()[0]).toMatchObject({ visit: id(1), began_at: toInstant(100), ended_at: null, snapshot_count: 2 });

  const path = '/kitchen/a.jpg';
  const done = { result: 'uploaded', archive: 'dropbox', path, finished_at: toInstant(106), error: null } as const;
  expect(log.uploadFinished({ snapshot: id(11), ...done })?.visit).toBe(id(1));
  log.statusPublished(status(null, 140));
  const [visit] = log.list();
  expect(visit?.ended_at).toBe(toInstant(140));
  expect(visit?.snapshots.map((one) => one.upload.state)).toEqual(['queued', 'uploaded']);
  expect(visit?.snapshots[1]?.upload.path).toBe(path);
});

test('a visit ends when the next one begins', () => {
  const log = createVisitLog();
  log.statusPublished(status(id(1), 100));
  log.statusPublished(status(id(2), 200));
  expect(log.list().map((visit) => [visit.visit, visit.ended_at])).toEqual([
    [id(2), null],
    [id(1), toInstant(200)],
  ]);
});

test('a snapshot that was requested while the room was not occupied is an entry of its own', () => {
  const log = createVisitLog();
  log.snapshotStored(snapshot(11, null, 101));
  expect(log.list()[0]).toMatchObject({ key: id(11), visit: null, ended_at: toInstant(101), snapshot_count: 1 });
});

test('only the newest snapshots and visits are listed; older snapshots are counted', () => {
  const log = createVisitLog();
  log.statusPublished(status(id(1), 100));
  for (let n = 0; n < 50; n++) log.snapshotStored(snapshot(100 + n, id(1), 100 + n));
  expect(log.list()[0]?.snapshots).toHaveLength(24);
  expect(log.list()[0]?.snapshot_count).toBe(50);
  for (let n = 0; n < 150; n++) log.statusPublished(status(id(1000 + n), 1000 + n));
  expect(log.list()).toHaveLength(100);
});

test('the upload of an unknown snapshot changes nothing', () => {
  const done = { result: 'lost', archive: 'folder', path: null, finished_at: toInstant(1), error: null } as const;
  expect(createVisitLog().uploadFinished({ snapshot: id(1), ...done })).toBeUndefined();
});

test('a visit that was open when an earlier run ended, ended with its last snapshot', () => {
  const before = createVisitLog();
  before.statusPublished(status(id(1), 100));
  before.snapshotStored(snapshot(11, id(1), 120));
  const stored = JSON.parse(JSON.stringify(before.list())) as ReturnType<typeof before.list>;
  expect(createVisitLog(stored).list()[0]?.ended_at).toBe(toInstant(120));
});
