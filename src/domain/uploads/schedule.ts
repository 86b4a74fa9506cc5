import { type Backoff, backoffSeconds } from '../backoff.js';
import type { QueuedSnapshot } from '../contract/payloads.js';
import { newTask, type Task } from './policy.js';

type Item = {
  readonly host: string;
  readonly bytes: number;
  task: Task;
  /** attempts at which its host did not answer */
  unanswered: number;
};
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
  /** when each host answered last */
  const answeredAt = new Map<string, number>();
  const hostOf = (name: string) => hosts.get(name) ?? reachable;

  return {
    /** Adds a snapshot. Added again, with another URL, it keeps its position and its attempts, and is due at once. */
    add({ id, url, bytes }: Pick<QueuedSnapshot, 'id' | 'url' | 'bytes'>): void {
      const { host } = new URL(url);
      const paused = hosts.get(host);
      // The detector that announces it lives: it is asked at once whether it answers now.
      if (paused !== undefined && !items.has(id)) hosts.set(host, { ...paused, notBefore: 0 });
      const task = { ...(items.get(id)?.task ?? newTask), notBefore: 0 };
      items.set(id, { host, bytes, task, unanswered: 0 });
    },
    remove: (id: string): boolean => items.delete(id),
    task: (id: string): Task => items.get(id)?.task ?? newTask,
    postpone(id: string, task: Task): void {
      const item = items.get(id);
      if (item !== undefined) item.task = task;
    },
    /**
     * Takes note of whether the detector of a snapshot answered at all, when it was asked at `askedAt`. If it did not, nor any
     * other request since then, its host is paused, and this is true.
     */
    recordAnswer(id: string, answered: boolean, now: number, askedAt = now): boolean {
      const item = items.get(id);
      if (item === undefined) return !answered;
      if (answered) hosts.delete(item.host);
      if (answered) answeredAt.set(item.host, now);
      if (answered || (answeredAt.get(item.host) ?? -Infinity) > askedAt) return false;
      item.unanswered += 1;
      const host = hostOf(item.host);
      // Those that were asked at the same time count once.
      if (host.notBefore > now) return true;
      const failures = host.failures + 1;
      hosts.set(item.host, { failures, notBefore: now + backoffSeconds(failures, hostPauses, random()) });
      return true;
    },
    /** Whether the detector of this snapshot did not answer when it was last asked. */
    isHostFailing: (id: string): boolean => hosts.has(items.get(id)?.host ?? ''),
    isHostPaused: (id: string, now: number): boolean => hostOf(items.get(id)?.host ?? '').notBefore > now,
    /**
     * The first snapshots that are due and not in progress: at most `maxCount`, and at most `maxBytes` in all (a single
     * one may be larger). Of a detector that did not answer last time, only one, and each time another one.
     */
    due(now: number, maxCount: number, maxBytes: number, inProgress: ReadonlySet<string> = none): string[] {
      const chosen: string[] = [];
      let sum = 0;
      for (const { id, bytes } of dueItems(items, hosts, now, inProgress)) {
        if (chosen.length === maxCount || (chosen.length > 0 && sum + bytes > maxBytes)) break;
        chosen.push(id);
        sum += bytes;
      }
      return chosen;
    },
    /** Of the snapshots that are due and not in progress, one that was tried least, so that it is not always the same one. */
    leastTried(now: number, inProgress: ReadonlySet<string> = none): string[] {
      let least: { readonly id: string; readonly task: Task } | undefined;
      for (const item of dueItems(items, hosts, now, inProgress)) {
        if (least === undefined || item.task.attempts < least.task.attempts) least = item;
      }
      return least === undefined ? [] : [least.id];
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

/** The snapshots that are due and not in progress, in order; of a detector that did not answer last time, only its probe. */
function* dueItems(
  items: ReadonlyMap<string, Item>,
  hosts: ReadonlyMap<string, Host>,
  now: number,
  inProgress: ReadonlySet<string>,
) {
  const isDue = (id: string, { task }: Item) => !inProgress.has(id) && task.notBefore <= now;
  const probes = new Map<string, { readonly id: string; readonly unanswered: number }>();
  if (hosts.size > 0) {
    for (const [id, item] of items) {
      const { failures, notBefore } = hosts.get(item.host) ?? reachable;
      if (failures === 0 || notBefore > now || !isDue(id, item)) continue;
      // The snapshot that was tried least, the first of equals.
      const { unanswered } = item;
      if (unanswered < (probes.get(item.host)?.unanswered ?? Infinity)) probes.set(item.host, { id, unanswered });
    }
  }
  for (const [id, item] of items) {
    if (!isDue(id, item)) continue;
    if (!hosts.has(item.host) || probes.get(item.host)?.id === id) yield { id, ...item };
  }
}
