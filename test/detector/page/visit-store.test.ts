import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openVisitStore } from '../../../src/detector/page/visit-store.js';
import { toInstant } from '../../../src/domain/contract/payloads.js';
import type { Visit } from '../../../src/domain/page/payloads.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { until } from '../../support/until.js';

const visit = '0193a5c0-0000-7000-8000-000000000001';
const began = { visit, at: toInstant(100), since: toInstant(100) };
const ended = { visit: null, at: toInstant(130), since: toInstant(130) };
const log = { debug: () => undefined };

test('a visit is announced at each change, and is there again after a restart', async () => {
  const path = join(temporaryFolder(), 'visits.json');
  const changes: (string | null)[] = [];
  const changed = (one: Visit) => void changes.push(one.ended_at);
  const visits = await openVisitStore(path, changed, log);
  visits.statusPublished(began);
  visits.statusPublished(ended);
  expect(changes).toEqual([null, toInstant(130)]);
  await until('the end of the visit is on disk', 10, async () =>
    (await readFile(path, 'utf8').catch(() => '')).includes(toInstant(130)),
  );
  expect((await openVisitStore(path, changed, log)).list()).toEqual(visits.list());
});

test('a folder that cannot be written costs the stored visits, not those of this run', async () => {
  const failures: unknown[] = [];
  const visits = await openVisitStore('/nowhere/visits.json', () => undefined, {
    debug: (...words: unknown[]) => void failures.push(words),
  });
  visits.statusPublished(began);
  expect(visits.list()).toHaveLength(1);
  await until('the failure is logged', 10, () => Promise.resolve(failures.length > 0));
});
