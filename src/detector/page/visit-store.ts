import { join } from 'node:path';
import { openSettingsFile } from '../../adapters/files/settings-file.js';
import { openSpool, type Spool } from '../../adapters/files/spool.js';
import { coalesce } from '../../async/coalesce.js';
import { type Visit, visit, visitPage } from '../../domain/page/payloads.js';
import { createVisitLog, type VisitLog } from '../../domain/page/visit-log.js';
import type { Log } from '../../runtime/log.js';

/** A visit log that is kept on the disk. */
export type VisitStore = Omit<VisitLog, 'has'> & {
  /** Resolves when everything has been written. */
  close(): Promise<void>;
};

/**
 * Opens the visit log of a room with the visits of earlier runs, and writes each change. If the disk cannot be read or written,
 * the page still shows the visits of this run.
 * @param folder the folder of the room's files
 * @param changed receives each visit that was added or changed
 */
export async function openVisitStore(
  folder: string,
  changed: (visit: Visit) => void,
  log: Pick<Log, 'debug'>,
): Promise<VisitStore> {
  const failed = (err: unknown) => log.debug({ err }, 'visits cannot be stored');
  const stored = new Map<string, Visit>();
  const onEntry = (key: string, record: Visit | undefined) =>
    void (record === undefined ? stored.delete(key) : stored.set(key, record));
  const spool = await openSpool(join(folder, 'visits'), visit, { onEntry }).catch((err: unknown) => {
    failed(err);
    return undefined;
  });
  if (stored.size === 0) (await readFormerFile(folder)).forEach((visit) => stored.set(visit.key, visit));
  const visits = createVisitLog([...stored.values()].reverse());
  const unwritten = new Map<string, Visit>();
  let writing = Promise.resolve();
  const save = coalesce(() => (writing = write(spool, unwritten, visits).catch(failed)));

  function announce<Changed extends Visit | undefined>(visit: Changed): Changed {
    if (visit === undefined) return visit;
    changed(visit);
    unwritten.set(visit.key, visit);
    save();
    return visit;
  }
  return {
    statusPublished: (status) => announce(visits.statusPublished(status)),
    snapshotStored: (snapshot) => announce(visits.snapshotStored(snapshot)),
    uploadFinished: (result) => announce(visits.uploadFinished(result)),
    read: visits.read,
    async close() {
      // What changed during a write is written after it.
      await writing.then(() => writing);
      await spool?.close();
    },
  };
}

/** Writes the changed visits, and removes those that the log has dropped. */
async function write(
  spool: Spool<Visit> | undefined,
  unwritten: Map<string, Visit>,
  log: Pick<VisitLog, 'has'>,
): Promise<void> {
  const records = [...unwritten];
  unwritten.clear();
  if (spool === undefined) return;
  await Promise.all(records.map(([key, visit]) => spool.put(key, visit)));
  for (const key of spool.keys()) {
    if (log.has(key)) break;
    await spool.remove(key);
  }
}

/** The file of version 0.1, with the newest visit first. */
async function readFormerFile(folder: string): Promise<readonly Visit[]> {
  const content = await openSettingsFile(join(folder, 'visits.json'))
    .load()
    .catch(() => []);
  return (visitPage.shape.visits.safeParse(content).data ?? []).reverse();
}
