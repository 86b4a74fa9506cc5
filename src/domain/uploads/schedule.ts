import { type Backoff, backoffSeconds } from '../backoff.js';
import type { SnapshotReceipt } from '../contract/payloads.js';
import { newTask, type Task } from './policy.js';

type Item = { readonly host: string; readonly bytes: number; task: Task };
type Host = { readonly failures: number; readonly notBefore: number };

const none: ReadonlySet<string> = new Set();
const reachable: Host = { failures: 0, notBefore: 0 };
const hostPauses: Backoff = { floorSeconds: 1, ceilingSeconds: 60, jitter: 0.25 };

/** Which queued snapshots are due, by the outcomes of their attempts and by the answers of their detectors. */
export type UploadSchedule = ReturnType<typeof createUploadSchedule>;

/**
 * Makes an empty schedule; its order is the order of `add`. All times are seconds of the caller's clock.
 * @param random numbers from 0 to 1, for the jitter
 */
export function createUploadSchedule(random: () => number) {
  const items = new Map<string, Item>();
  const hosts = new Map<string, Host>();
  const hostOf = (name: string) => hosts.get(name) ?? reachable;

  return {
    /** Adds a snapshot; added again, it keeps its position and its task. */
    add({ id, url, bytes }: Pick<SnapshotReceipt, 'id' | 'url' | 'bytes'>): void {
      items.set(id, { host: new URL(url).host, bytes, task: items.get(id)?.task ?? newTask });
    },
    remove: (id: string): boolean => items.delete(id),
    task: (id: string): Task => items.get(id)?.task ?? newTask,
    postpone(id: string, task: Task): void {
      const item = items.get(id);
      if (item !== undefined) item.task = task;
    },
    /** @param answered whether the detector of this snapshot answered at all; if not, its host is paused */
    recordAnswer(id: string, answered: boolean, now: number): void {
      const host = items.get(id)?.host;
      if (host === undefined) return;
      if (answered) return void hosts.delete(host);
      const failures = hostOf(host).failures + 1;
      hosts.set(host, { failures, notBefore: now + backoffSeconds(failures, hostPauses, random()) });
    },
    isHostPaused: (id: string, now: number): boolean => hostOf(items.get(id)?.host ?? '').notBefore > now,
    /**
     * The first snapshots that are due and not in progress: at most `maxCount`, and at most `maxBytes` in all (a single
     * one may be larger). Of a detector that did not answer last time, only one.
     */
    due(now: number, maxCount: number, maxBytes: number, inProgress: ReadonlySet<string> = none): string[] {
      const chosen: string[] = [];
      const probed = new Set<string>();
      let bytes = 0;
      for (const [id, item] of items) {
        const host = hosts.get(item.host);
        if (inProgress.has(id)) continue;
        if (item.task.notBefore > now || (host?.notBefore ?? 0) > now || probed.has(item.host)) continue;
        if (chosen.length === maxCount || (chosen.length > 0 && bytes + item.bytes > maxBytes)) break;
        if (host !== undefined) probed.add(item.host);
        chosen.push(id);
        bytes += item.bytes;
      }
      return chosen;
    },
    /** When the next snapshot is due that is not in progress; Infinity if there is none. */
    nextAt(inProgress: ReadonlySet<string> = none): number {
      let next = Infinity;
      for (const [id, { task, host }] of items) {
        if (!inProgress.has(id)) next = Math.min(next, Math.max(task.notBefore, hostOf(host).notBefore));
      }
      return next;
    },
    get size() {
      return items.size;
    },
  };
}
