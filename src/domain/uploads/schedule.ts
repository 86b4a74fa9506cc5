import { type Backoff, backoffSeconds } from '../backoff.js';
import type { SnapshotReceipt } from '../contract/payloads.js';
import { freshTask, type Task } from './policy.js';

/** What the agenda needs to know of a queued snapshot. */
type Item = { readonly host: string; readonly bytes: number; task: Task };
type Host = { failures: number; notBefore: number };

const nobody: ReadonlySet<string> = new Set();
const hostPauses: Backoff = { floorSeconds: 1, ceilingSeconds: 60, jitter: 0.25 };

/** Which queued snapshots are due, by what happened to them and to the detectors they are to be fetched from. */
export type Agenda = ReturnType<typeof createAgenda>;

/** Makes an empty agenda; order is the order of `add`. Times are seconds of the caller's clock. */
export function createAgenda() {
  const items = new Map<string, Item>();
  const hosts = new Map<string, Host>();
  const hostOf = (name: string) => hosts.get(name) ?? { failures: 0, notBefore: 0 };

  return {
    add({ id, url, bytes }: Pick<SnapshotReceipt, 'id' | 'url' | 'bytes'>): void {
      items.set(id, { host: new URL(url).host, bytes, task: items.get(id)?.task ?? freshTask });
    },
    drop: (id: string): boolean => items.delete(id),
    task: (id: string): Task => items.get(id)?.task ?? freshTask,
    postpone(id: string, task: Task): void {
      const item = items.get(id);
      if (item !== undefined) item.task = task;
    },
    /** @param answered whether the detector of this snapshot answered at all */
    heardOf(id: string, answered: boolean, now: number): void {
      const host = items.get(id)?.host;
      if (host === undefined) return;
      if (answered) return void hosts.delete(host);
      const failures = hostOf(host).failures + 1;
      hosts.set(host, { failures, notBefore: now + backoffSeconds(failures, hostPauses, Math.random()) });
    },
    /** Is the detector of this snapshot left alone now? */
    paused: (id: string, now: number): boolean => hostOf(items.get(id)?.host ?? '').notBefore > now,
    /**
     * The first snapshots that are due, at most so many and so many bytes (but one always), and none that is `underWay`.
     * Of a detector that did not answer last time only one is tried.
     */
    due(now: number, most: number, mostBytes: number, underWay: ReadonlySet<string> = nobody): string[] {
      const chosen: string[] = [];
      const probed = new Set<string>();
      let bytes = 0;
      for (const [id, item] of items) {
        const host = hosts.get(item.host);
        if (underWay.has(id)) continue;
        if (item.task.notBefore > now || (host?.notBefore ?? 0) > now || probed.has(item.host)) continue;
        if (chosen.length === most || (chosen.length > 0 && bytes + item.bytes > mostBytes)) break;
        if (host !== undefined) probed.add(item.host);
        chosen.push(id);
        bytes += item.bytes;
      }
      return chosen;
    },
    /** When the next one is due that is not under way; Infinity where there is none. */
    nextAt(underWay: ReadonlySet<string> = nobody): number {
      let next = Infinity;
      for (const [id, { task, host }] of items) {
        if (!underWay.has(id)) next = Math.min(next, Math.max(task.notBefore, hostOf(host).notBefore));
      }
      return next;
    },
    get size() {
      return items.size;
    },
  };
}
