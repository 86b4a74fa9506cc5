import { openSettingsFile } from '../../adapters/files/settings-file.js';
import { coalesce } from '../../async/coalesce.js';
import type { Visit } from '../../domain/page/payloads.js';
import { createVisitLog, parseStoredVisits, type VisitLog } from '../../domain/page/visit-log.js';
import type { Log } from '../../runtime/log.js';

/**
 * Opens the visit log of a room with the visits of earlier runs, and writes it after each change. If the file cannot be read or
 * written, the page still shows the visits of this run.
 * @param path the JSON file of the visits
 * @param changed receives each visit that was added or changed
 */
export async function openVisitStore(
  path: string,
  changed: (visit: Visit) => void,
  log: Pick<Log, 'debug'>,
): Promise<VisitLog> {
  const file = openSettingsFile<readonly Visit[]>(path);
  const visits = createVisitLog(parseStoredVisits(await file.load().catch(() => [])));
  const save = coalesce(() =>
    file.save(visits.list()).catch((err: unknown) => log.debug({ err }, 'visits cannot be stored')),
  );
  function announce<Changed extends Visit | undefined>(visit: Changed): Changed {
    if (visit === undefined) return visit;
    changed(visit);
    save();
    return visit;
  }
  return {
    statusPublished: (status) => announce(visits.statusPublished(status)),
    snapshotStored: (receipt) => announce(visits.snapshotStored(receipt)),
    uploadFinished: (result) => announce(visits.uploadFinished(result)),
    list: () => visits.list(),
  };
}
