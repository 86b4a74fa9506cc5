import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openVisitStore } from '../../../src/detector/page/visit-store.js';
import { toInstant } from '../../../src/domain/contract/payloads.js';
import { openSpool } from '../../../src/adapters/files/spool.js';
import { type Visit, visit as visitSchema } from '../../../src/domain/page/payloads.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { until } from '../../support/until.js';

const visit = '0193a5c0-0000-7000-8000-000000000001';
const began = { visit, at: toInstant(100), since: toInstant(100) };
const ended = { visit: null, at: toInstant(130), since: toInstant(130) };
const log = { debug: () => undefined };

test('a visit is announced at each change, and is there again after a restart', async () => {
  const folder = temporaryFolder();
  const changes: (string | null)[] = [];
  const changed = (one: Visit) => void changes.push(one.ended_at);
  const visits = await openVisitStore(folder, changed, log);
  visits.statusPublished(began);
  visits.statusPublished(ended);
  expect(changes).toEqual([null, toInstant(130)]);
  await visits.close();
  const again = await openVisitStore(folder, changed, log);
  expect(again.read({})).toEqual(visits.read({}));
  await again.close();
});

test('a folder that cannot be written costs the stored visits, not those of this run', async () => {
  const failures: unknown[] = [];
  const visits = await openVisitStore('/dev/null/room', () => undefined, {
    debug: (...words: unknown[]) => void failures.push(words),
  });
  visits.statusPublished(began);
  expect(visits.read({}).visits).toHaveLength(1);
  await until('the failure is logged', 10, () => Promise.resolve(failures.length > 0));
});

test('visits that the log drops are removed from the disk', async () => {
  const folder = temporaryFolder();
  const visits = await openVisitStore(folder, () => undefined, log);
  for (let n = 0; n < 2005; n++) {
    const id = `0193a5c0-0000-7000-8000-${String(n).padStart(12, '0')}`;
    visits.statusPublished({ visit: id, at: toInstant(n), since: toInstant(n) });
  }
  await visits.close();
  const spool = await openSpool(join(folder, 'visits'), visitSchema);
  expect(spool.size).toBe(2000);
  await spool.close();
});

test('the visits in the file of version 0.1 are taken over', async () => {
  const folder = temporaryFolder();
  const former = {
    key: visit,
    visit,
    began_at: toInstant(100),
    ended_at: toInstant(130),
    snapshot_count: 0,
    snapshots: [],
  };
  await writeFile(join(folder, 'visits.json'), JSON.stringify([former]));
  const visits = await openVisitStore(folder, () => undefined, log);
  expect(visits.read({}).visits).toEqual([{ ...former, labels: [] }]);
  await visits.close();
});
