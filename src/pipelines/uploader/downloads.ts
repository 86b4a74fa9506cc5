import { createNotifier } from '../../async/notifier.js';
import type { QueuedSnapshot } from '../../domain/contract/payloads.js';
import type { DepositOutcome } from '../../domain/uploads/archive.js';
import type { Attempt } from '../../domain/uploads/policy.js';
import type { UploadSchedule } from '../../domain/uploads/schedule.js';

/** What a download brought: the announced bytes, or the reason why there are none. */
export type Download = { readonly kind: 'fetched'; readonly bytes: Uint8Array } | Exclude<Attempt, DepositOutcome>;
/** A snapshot of the queue after its download. */
export type Downloaded = { readonly receipt: QueuedSnapshot; readonly download: Download };

/** What downloads need. */
export type DownloadNeeds = {
  /** snapshots still to be archived; all of them are in the schedule */
  queue: { read(id: string): Promise<QueuedSnapshot | undefined> };
  schedule: UploadSchedule;
  download(receipt: QueuedSnapshot): Promise<Download>;
  /** seconds of a clock that is never set, for pauses */
  now: () => number;
  pause(seconds: number, signal: AbortSignal): Promise<void>;
};

/**
 * A round downloads `atATime` pictures at a time. One that takes longer than `patienceSeconds` goes on beside the rounds, if those
 * that do are within the limits: at most `slow` pictures of `slowBytes` in all.
 */
const limits = { atATime: 6, patienceSeconds: 2, slow: 18, slowBytes: 8 * 1024 * 1024 };

/** Downloads in rounds; a download that is slow holds up none of them, and joins a later round when it has ended. */
export function createDownloads(needs: DownloadNeeds, signal: AbortSignal) {
  const { queue, schedule, now, pause } = needs;
  /** the slow ones that are in no round yet */
  const slow = new Map<string, { readonly bytes: number; readonly one: Promise<Downloaded> }>();
  /** those of them that have ended */
  const ended = new Set<string>();
  const slowEnded = createNotifier();

  async function downloadOne(receipt: QueuedSnapshot): Promise<Downloaded> {
    const beganAt = now();
    const download = await needs.download(receipt);
    const answered = !(download.kind === 'failed' && download.host);
    const isAway = schedule.recordAnswer(receipt.id, answered, now(), beganAt);
    return { receipt, download: answered || isAway ? download : { ...download, host: false } };
  }

  const hasPlaceFor = (bytes: number) => {
    const running = [...slow].flatMap(([id, other]) => (ended.has(id) ? [] : [other.bytes]));
    const sum = running.reduce((sum, other) => sum + other, bytes);
    return running.length === 0 || (running.length < limits.slow && sum <= limits.slowBytes);
  };

  /** Resolves with true once a download has ended, or with false once it is slow and there is a place for it beside the rounds. */
  async function endsInTime(one: Promise<unknown>, bytes: number): Promise<boolean> {
    const over = new AbortController();
    const end = one.then(() => true).finally(() => over.abort());
    let hasEnded = await Promise.race([end, pause(limits.patienceSeconds, over.signal).then(() => false)]);
    while (!hasEnded && !hasPlaceFor(bytes))
      hasEnded = await Promise.race([end, slowEnded.wait(over.signal).then(() => false)]);
    return hasEnded;
  }

  function goOnBeside(id: string, bytes: number, one: Promise<Downloaded>): void {
    slow.set(id, { bytes, one });
    const end = () => {
      ended.add(id);
      slowEnded.notify();
    };
    one.then(end, end);
  }

  return {
    /** ids of the pictures whose download goes on beside the rounds, or has ended for the next one */
    ids: (): readonly string[] => [...slow.keys()],
    /** whether some of them have ended */
    haveEnded: () => ended.size > 0,
    /** notified when a slow download has ended */
    slowEnded,
    /** Downloads these, and takes the slow ones of earlier rounds that have ended; those that are slow now are missing. */
    async round(due: readonly string[]): Promise<Downloaded[]> {
      const downloaded: Downloaded[] = [];
      const ids = due.values();
      const worker = async () => {
        for (const id of ids) {
          if (signal.aborted || schedule.isHostPaused(id, now())) continue;
          const receipt = await queue.read(id);
          if (receipt === undefined) {
            schedule.remove(id);
            continue;
          }
          const one = downloadOne(receipt);
          if (await endsInTime(one, receipt.bytes)) downloaded.push(await one);
          else goOnBeside(id, receipt.bytes, one);
        }
      };
      await Promise.all(Array.from({ length: limits.atATime }, worker));
      for (const id of ended) {
        const one = slow.get(id)?.one;
        if (one !== undefined) downloaded.push(await one);
        slow.delete(id);
        ended.delete(id);
      }
      return downloaded;
    },
    /** Resolves when all have ended; to be called once the signal is aborted, which ends them early. */
    finish: () => Promise.allSettled([...slow.values()].map(({ one }) => one)),
  };
}
