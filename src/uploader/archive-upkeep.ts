import { tidyArchive } from '../adapters/files/archive-retention.js';
import { monotonicSeconds, wallSeconds } from '../async/clock.js';
import { pause } from '../async/pause.js';
import { defaultArchivePath } from '../domain/uploads/archive-path.js';
import { daysUntilFull } from '../domain/uploads/archive-space.js';
import { ownPath } from '../domain/uploads/own-path.js';
import type { Config } from '../runtime/config/config.js';
import type { Log } from '../runtime/log.js';
import type { StatusPublisher } from './status-publisher.js';

/** Going through a large archive takes seconds of the disk's time. */
const everySeconds = 3600;
/** how often it is looked at whether something is due: also after a clock that was set */
const lookSeconds = 10;

type Needs = {
  readonly archive: Config['archive'];
  readonly status: Pick<StatusPublisher, 'reportWarning'>;
  readonly log: Log;
};

/**
 * Keeps a folder archive within `archive.keep_days` and `archive.max_gigabytes`, and warns a week before it fills its disk. `run`
 * looks at the start, every hour, and when what was stored since exceeds the limit; it ends when the signal is aborted.
 */
export function createArchiveUpkeep({ archive, status, log }: Needs) {
  const { folder, keep_days: keepDays, max_gigabytes: maxGigabytes } = archive;
  const limits = { keepDays, maxGigabytes };
  const patterns = [...new Set([archive.path, defaultArchivePath])].map(ownPath);
  const isOurs = (path: string) => patterns.some((fits) => fits(path));
  let bytes = 0;

  async function tidy(signal: AbortSignal): Promise<void> {
    const use = await tidyArchive({ folder, isOurs, ...limits }, wallSeconds(), signal);
    bytes = use.bytes;
    if (use.removed > 0) log.info({ removed: use.removed, bytes }, 'removed old pictures from the archive');
    const days = daysUntilFull(use, limits);
    if (days === undefined) return status.reportWarning(null);
    const when = days < 1 ? 'less than a day' : `${Math.floor(days)} days`;
    const message = `the archive fills the disk of ${folder} in ${when}: set archive.keep_days or archive.max_gigabytes, or make room`;
    log.warn({ days, folder }, message);
    status.reportWarning({ code: 'disk_filling', message });
  }

  return {
    /** To be called with the size of each stored picture. */
    recordStored: (size: number) => void (bytes += size),
    async run(signal: AbortSignal): Promise<void> {
      let doneAt = { wall: -Infinity, monotonic: -Infinity };
      while (!signal.aborted) {
        const isDue =
          monotonicSeconds() - doneAt.monotonic >= everySeconds ||
          Math.abs(wallSeconds() - doneAt.wall) >= everySeconds;
        if (isDue || bytes > (maxGigabytes ?? Infinity) * 1e9) {
          doneAt = { wall: wallSeconds(), monotonic: monotonicSeconds() };
          await tidy(signal).catch((err: unknown) => {
            if (!signal.aborted) log.warn({ err, folder }, 'the archive cannot be tidied; trying again in an hour');
            bytes = 0;
          });
        }
        await pause(lookSeconds, signal);
      }
    },
  };
}
