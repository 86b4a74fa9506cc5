import { expect, test } from 'vitest';
import type { Visit } from '../../../src/domain/page/payloads.js';
import { createVisitLog, type VisitLog } from '../../../src/domain/page/visit-log.js';
import { toInstant } from '../../../src/domain/contract/payloads.js';

const id = (n: number) => `0193a5c0-0000-7000-8000-${String(n).padStart(12, '0')}`;
const status = (visit: string | null, at: number) => ({ visit, at: toInstant(at), since: toInstant(at) });
const snapshot = (n: number, visit: string | null, at: number, labels: readonly string[] = []) => ({
  id: id(n),
  visit,
  reason: visit === null ? ('command' as const) : ('motion' as const),
  taken_at: toInstant(at),
  bytes: 1000,
  regions: labels.map((label) => ({ x: 0, y: 0, width: 0.1, height: 0.1, ...(label !== '' && { label, score: 0.8 }) })),
});
const listOf = (log: VisitLog): readonly Visit[] => log.read({}).visits;

test('a visit begins, has snapshots that are uploaded, and ends', () => {
  const log = createVisitLog();
  log.statusPublished(status(null, 90));
  log.statusPublished(status(id(1), 100));
  log.snapshotStored(snapshot(11, id(1), 101));
  log.snapshotStored(snapshot(12, id(1), 104));
  expect(listOf(log)[0]).toMatchObject({ visit: id(1), began_at: toInstant(100), ended_at: null, snapshot_count: 2 });

  const path = '/kitchen/a.jpg';
  const done = { result: 'uploaded', archive: 'dropbox', path, finished_at: toInstant(106), error: null } as const;
  expect(log.uploadFinished({ snapshot: id(11), ...done })?.visit).toBe(id(1));
  log.statusPublished(status(null, 140));
  const [visit] = listOf(log);
  expect(visit?.ended_at).toBe(toInstant(140));
  expect(visit?.snapshots.map((one) => one.upload.state)).toEqual(['queued', 'uploaded']);
  expect(visit?.snapshots[1]?.upload.path).toBe(path);
});

test('a visit ends when the next one begins', () => {
  const log = createVisitLog();
  log.statusPublished(status(id(1), 100));
  log.statusPublished(status(id(2), 200));
  expect(listOf(log).map((visit) => [visit.visit, visit.ended_at])).toEqual([
    [id(2), null],
    [id(1), toInstant(200)],
  ]);
});

test('a snapshot that was requested while the room was not occupied is an entry of its own', () => {
  const log = createVisitLog();
  log.snapshotStored(snapshot(11, null, 101));
  expect(listOf(log)[0]).toMatchObject({ key: id(11), visit: null, ended_at: toInstant(101), snapshot_count: 1 });
});

test('a visit and each of its snapshots name who and what was recognised, once', () => {
  const log = createVisitLog();
  log.statusPublished(status(id(1), 100));
  log.snapshotStored(snapshot(11, id(1), 101, ['person', '', 'person', 'cat']));
  log.snapshotStored(snapshot(12, id(1), 104, ['dog', 'person']));
  const [visit] = listOf(log);
  expect(visit?.labels).toEqual(['person', 'cat', 'dog']);
  expect(visit?.snapshots.map(({ labels }) => labels)).toEqual([['dog', 'person'], ['person', 'cat']]); // prettier-ignore
});

test('only the newest snapshots of a visit are listed; older ones are counted', () => {
  const log = createVisitLog();
  log.statusPublished(status(id(1), 100));
  for (let n = 0; n < 60; n++) log.snapshotStored(snapshot(100 + n, id(1), 100 + n, n === 0 ? ['cat'] : []));
  expect(listOf(log)[0]).toMatchObject({ snapshot_count: 60, labels: ['cat'] });
  expect(listOf(log)[0]?.snapshots).toHaveLength(48);
});

test('the list is bounded by visits and by snapshots: the oldest visits go first', () => {
  const log = createVisitLog();
  for (let n = 0; n < 2100; n++) log.statusPublished(status(id(n), 1000 + n));
  expect([log.has(id(99)), log.has(id(100))]).toEqual([false, true]);
  for (let n = 0; n < 200; n++)
    for (let one = 0; one < 40; one++) log.snapshotStored(snapshot(10_000 + n * 40 + one, id(1900 + n), 4000 + n));
  expect([log.has(id(1949)), log.has(id(1950))]).toEqual([false, true]);
});

test('the list is read in parts, from a visit or a time on, and back to a time', () => {
  const log = createVisitLog();
  for (let n = 0; n < 250; n++) log.statusPublished(status(id(n), 1000 + n));
  const parts = [log.read({}), log.read({ before: id(150) }), log.read({ before: id(50) })];
  expect(parts.map(({ visits, more }) => [visits.length, visits[0]?.key, more])).toEqual([
    [100, id(249), true],
    [100, id(149), true],
    [50, id(49), false],
  ]);
  expect(log.read({ before: id(9999) })).toEqual({ visits: [], more: false });
  const between = log.read({ before: toInstant(1010), since: toInstant(1006), limit: 3 });
  expect([between.visits.map(({ key }) => key), between.more]).toEqual([[id(9), id(8), id(7)], true]);
  expect(log.read({ before: toInstant(1) }).visits).toEqual([]);
});

test('the upload of an unknown snapshot changes nothing', () => {
  const done = { result: 'lost', archive: 'folder', path: null, finished_at: toInstant(1), error: null } as const;
  expect(createVisitLog().uploadFinished({ snapshot: id(1), ...done })).toBeUndefined();
});

test('a visit that was open when an earlier run ended, ended with its last snapshot', () => {
  const before = createVisitLog();
  before.statusPublished(status(id(1), 100));
  before.snapshotStored(snapshot(11, id(1), 120));
  const stored = JSON.parse(JSON.stringify(listOf(before))) as readonly Visit[];
  expect(listOf(createVisitLog(stored))[0]?.ended_at).toBe(toInstant(120));
});
