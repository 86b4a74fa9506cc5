import type { Archive, DepositOutcome } from '../../domain/uploads/archive.js';
import type { Notifier } from '../../async/notifier.js';
import type { Log } from '../../domain/log.js';
import { type SnapshotReceipt, toInstant, type UploadResult } from '../../domain/contract/payloads.js';
import type { Agenda } from '../../domain/uploads/schedule.js';
import { type Attempt, goodStanding, nextStanding, nextStep, type Standing } from '../../domain/uploads/policy.js';
import { expiryOf, reportOf } from '../../domain/uploads/record.js';

type Fetched = { readonly kind: 'fetched'; readonly bytes: Uint8Array } | Exclude<Attempt, DepositOutcome>;
type Got = { readonly receipt: SnapshotReceipt; readonly got: Fetched };

type Needs = {
  /** what is still to be archived; all of it is on the agenda */
  queue: { read(id: string): Promise<SnapshotReceipt | undefined> };
  agenda: Agenda;
  /** rings when something joined the agenda */
  added: Notifier;
  download(receipt: SnapshotReceipt, signal: AbortSignal): Promise<Fetched>;
  archive: Archive;
  placeOf(receipt: SnapshotReceipt): { readonly path: string; readonly otherPath?: string | undefined };
  /** Makes the end of a snapshot durable and takes it from the queue; rejects on a full disk. */
  finish(result: UploadResult): Promise<void>;
  /** Learns how things stand, after every change. */
  stands(standing: Standing, busy: boolean, error: UploadResult['error']): void;
  log: Log;
  /** seconds since the Unix epoch */
  now: () => number;
  pause(seconds: number, signal: AbortSignal): Promise<void>;
};

/** A round; while one is stored the next is fetched. */
const most = { snapshots: 100, bytes: 16 * 1024 * 1024, downloads: 6 };

/** A round on its way into the archive. */
type Storing = { readonly ids: ReadonlySet<string>; readonly over: Promise<void> };

/**
 * Fetches what is due, stores it, and says how each ended, until `signal` is aborted. One bad snapshot holds up none. What
 * comes next is fetched meanwhile, but the archive is given one round after the other.
 */
export async function archiveSnapshots(needs: Needs, signal: AbortSignal): Promise<void> {
  const { agenda, now } = needs;
  let standing = goodStanding;
  let storing: Storing | undefined;
  const store = (ids: readonly string[], got: readonly Got[]) => {
    const over = round(got, standing, needs, signal).then((after) => {
      standing = after;
      storing = undefined;
    });
    // Thrown where it is waited for.
    over.catch(() => undefined);
    storing = { ids: new Set(ids), over };
  };
  while (!signal.aborted) {
    const free = standing.notBefore <= now();
    // After a refusal one picture finds out whether it still holds.
    const alone = standing.failures > 0;
    const due = free ? agenda.due(now(), alone ? 1 : most.snapshots, most.bytes, storing?.ids) : [];
    if (due.length > 0) {
      needs.stands(standing, true, null);
      const got = await fetchAll(due, needs, signal);
      await storing?.over;
      store(due, got);
      if (alone) await storing?.over;
      continue;
    }
    if (storing === undefined) needs.stands(standing, false, null);
    const next = Math.max(agenda.nextAt(storing?.ids), standing.notBefore);
    // Not AbortSignal.any: `signal` would remember every wait (Node 20).
    const woken = new AbortController();
    const wake = () => woken.abort();
    signal.addEventListener('abort', wake);
    if (signal.aborted) wake();
    // The clock may be set back: look again after a minute at the latest.
    const seconds = Math.min(60, Math.max(0.05, next - now()));
    const reasons = [needs.pause(seconds, woken.signal), ...(free ? [needs.added.wait(woken.signal)] : [])];
    await Promise.race(storing === undefined ? reasons : [...reasons, storing.over]);
    signal.removeEventListener('abort', wake);
    wake();
  }
  await storing?.over;
}

/** Stores what was fetched and says how each ended. Where the archive takes none now, it is fetched again later. */
async function round(all: readonly Got[], before: Standing, needs: Needs, signal: AbortSignal): Promise<Standing> {
  // The round before has found out since.
  const refused = before.notBefore > needs.now() || (before.failures > 0 && all.length > 1);
  const got = refused ? all.filter(({ got }) => got.kind !== 'fetched') : all;
  const fetched = got.flatMap(({ receipt, got }) => (got.kind === 'fetched' ? [{ receipt, bytes: got.bytes }] : []));
  let standing = before;
  let outcomes: readonly DepositOutcome[] = [];
  if (fetched.length > 0 && !signal.aborted) {
    const deposits = fetched.map(({ receipt, bytes }) => {
      return { ...needs.placeOf(receipt), bytes, takenAt: Date.parse(receipt.taken_at) / 1000 };
    });
    outcomes = await needs.archive.store(deposits, signal);
    standing = nextStanding(before, outcomes, needs.now());
  }
  if (signal.aborted) return standing;

  const stored = new Map(fetched.map(({ receipt }, n) => [receipt.id, outcomes[n]]));
  const errors = await Promise.all(
    got.map(({ receipt, got }) => {
      const attempt = got.kind === 'fetched' ? stored.get(receipt.id) : got;
      return attempt === undefined ? Promise.resolve(null) : conclude(receipt, attempt, needs);
    }),
  );
  const error = errors.find((error) => error !== null) ?? null;
  if (standing.state !== before.state) {
    const fields = { state: standing.state, error };
    if (standing.state === 'fine') needs.log.info(fields, 'the archive takes pictures again');
    else needs.log.warn(fields, 'the archive takes no pictures now; they stay queued');
  }
  needs.stands(standing, true, error);
  return standing;
}

async function fetchAll(due: readonly string[], needs: Needs, signal: AbortSignal): Promise<Got[]> {
  const { agenda, now } = needs;
  const got: Got[] = [];
  const ids = due.values();
  const worker = async () => {
    for (const id of ids) {
      if (signal.aborted || agenda.paused(id, now())) continue;
      const receipt = await needs.queue.read(id);
      if (receipt === undefined) {
        agenda.drop(id);
        continue;
      }
      const download = await needs.download(receipt, signal);
      agenda.heardOf(id, !(download.kind === 'unreachable' && download.host), now());
      got.push({ receipt, got: download });
    }
  };
  await Promise.all(Array.from({ length: most.downloads }, worker));
  return got;
}

/** Answers the error, if there is one. */
async function conclude(receipt: SnapshotReceipt, attempt: Attempt, needs: Needs): Promise<UploadResult['error']> {
  const { agenda, archive, log } = needs;
  const { id, room } = receipt;
  const before = agenda.task(id);
  const task = { ...before, attempts: before.attempts + 1 };
  const step = nextStep(task, attempt, needs.now(), expiryOf(receipt.url));
  if (step.kind === 'again') {
    agenda.postpone(id, step.task);
    log.debug({ snapshot: id, room, error: step.error }, 'snapshot not archived yet');
    return step.error;
  }
  const { result, error } = step;
  const { attempts } = task;
  const place = attempt.kind === 'stored' ? attempt : { path: null, contentHash: null };
  const finished_at = toInstant(needs.now());
  const outcome = { result, error, attempts, finished_at, archive: archive.kind };
  const report = reportOf(receipt, { ...outcome, path: place.path, content_hash: place.contentHash });
  try {
    await needs.finish(report);
  } catch (err) {
    // Our own disk: it is stored again later, which changes nothing.
    log.error({ err, snapshot: id }, 'how a snapshot ended cannot be written down; trying again');
    agenda.postpone(id, { ...task, notBefore: needs.now() + 10 });
    return { code: 'disk', message: (err as Error).message };
  }
  agenda.drop(id);
  if (result === 'uploaded') log.info({ path: place.path, room, snapshot: id, attempts }, 'snapshot archived');
  else log.warn({ snapshot: id, room, result, error }, `snapshot ${result}`);
  return error;
}
