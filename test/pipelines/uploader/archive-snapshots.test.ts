import { describe, expect, onTestFinished, test } from 'vitest';
import type { Deposit, DepositOutcome } from '../../../src/domain/uploads/archive.js';
import { createNotifier } from '../../../src/async/notifier.js';
import type { SnapshotReceipt, UploadResult } from '../../../src/domain/contract/payloads.js';
import { createUploadSchedule } from '../../../src/domain/uploads/schedule.js';
import { archiveSnapshots } from '../../../src/pipelines/uploader/archive-snapshots.js';
import { createBoundedQueue } from '../../../src/async/bounded-queue.js';
import { makeReceipt } from '../../support/receipt.js';

type Round = {
  readonly ids: readonly string[];
  answer(outcome: DepositOutcome): void;
  answerEach(outcomeOf: (id: string) => DepositOutcome): void;
};

const stored: DepositOutcome = { kind: 'stored', path: '/somewhere', contentHash: 'hash' };
const full: DepositOutcome = { kind: 'later', why: 'no_space', code: 'insufficient_space', message: 'full' };

/** The archive answers when the test tells it to, everything else is real; time stands still unless the test moves it. */
function start(count: number) {
  const bytes = Buffer.from('picture');
  const receipts = Array.from({ length: count }, (_, n) => makeReceipt(bytes, 'http://detector', { at: 1000 + n }));
  const queue = new Map(receipts.map((receipt) => [receipt.id, receipt]));
  const schedule = createUploadSchedule(() => 0);
  for (const receipt of receipts) schedule.add(receipt);
  const downloaded: string[] = [];
  const ended: UploadResult[] = [];
  const states: string[] = [];
  const rounds = createBoundedQueue<Round>();
  const next = rounds[Symbol.asyncIterator]();
  const changed = createNotifier();
  const stop = new AbortController();
  const clock = { now: 2000 };
  let wake = () => undefined as void;
  const running = archiveSnapshots(
    {
      queue: { read: (id) => Promise.resolve(queue.get(id)) },
      schedule,
      added: createNotifier(),
      download({ id }: SnapshotReceipt) {
        downloaded.push(id);
        changed.notify();
        return Promise.resolve({ kind: 'fetched', bytes });
      },
      archive: {
        kind: 'folder',
        check: () => Promise.resolve(undefined),
        store: (deposits: readonly Deposit[]) =>
          new Promise((resolve) => {
            const answerEach = (outcomeOf: (id: string) => DepositOutcome) =>
              resolve(deposits.map(({ path }) => outcomeOf(path)));
            const answer = (outcome: DepositOutcome) => answerEach(() => outcome);
            rounds.put({ ids: deposits.map(({ path }) => path), answer, answerEach });
          }),
      },
      pathsOf: ({ id }) => ({ path: id }),
      finish(result) {
        queue.delete(result.snapshot);
        ended.push(result);
        changed.notify();
        return Promise.resolve();
      },
      drop: (id) => Promise.resolve(void queue.delete(id)),
      reportState({ state }, busy) {
        states.push(`${state}, ${busy ? 'busy' : 'waiting'}`);
        changed.notify();
      },
      log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
      throttle: () => undefined,
      wallSeconds: () => clock.now,
      now: () => clock.now,
      random: () => 0,
      pause: (_, signal) =>
        new Promise((resolve) => {
          wake = resolve;
          signal.addEventListener('abort', () => resolve(), { once: true });
        }),
    },
    stop.signal,
  );
  onTestFinished(async () => {
    stop.abort();
    await running;
  });
  const until = async (holds: () => boolean) => {
    while (!holds()) await changed.wait(stop.signal);
  };
  return {
    ids: receipts.map(({ id }) => id),
    downloaded,
    ended,
    states,
    until,
    async round(): Promise<Round> {
      const { value } = (await next.next()) as { value: Round };
      return value;
    },
    later(seconds: number) {
      clock.now += seconds;
      wake();
    },
  };
}

describe('a backlog', () => {
  test('is downloaded a round ahead of the archive, which gets one round after the other', async () => {
    const { ids, downloaded, ended, until, round } = start(250);
    const first = await round();
    await until(() => downloaded.length === 200);
    expect(first.ids).toEqual(ids.slice(0, 100));
    expect(ended).toEqual([]);

    first.answer(stored);
    const second = await round();
    await until(() => downloaded.length === 250);
    expect(second.ids).toEqual(ids.slice(100, 200));
    expect(ended.length).toBe(100);
    second.answer(stored);
    const third = await round();
    third.answer(stored);
    await until(() => ended.length === 250);
    expect(third.ids).toEqual(ids.slice(200));
    expect(downloaded).toEqual(ids);
    expect(ended.map(({ snapshot }) => snapshot)).toEqual(ids);
  });

  test('downloaded ahead is not given to an archive that has just refused', async () => {
    const { ids, downloaded, ended, states, until, round, later } = start(150);
    const first = await round();
    await until(() => downloaded.length === 150);
    first.answer(full);
    await until(() => states.at(-1) === 'no_space, waiting');

    // One snapshot, of those tried least, finds out whether the archive works again; then the others follow, downloaded again.
    later(3600);
    const probe = await round();
    expect(probe.ids).toEqual(ids.slice(100, 101));
    probe.answer(stored);
    const second = await round();
    expect(second.ids).toEqual(ids.slice(0, 100));
    second.answer(stored);
    const third = await round();
    third.answer(stored);
    await until(() => ended.length === 150);
    expect(ended.map(({ snapshot }) => snapshot).toSorted()).toEqual(ids.toSorted());
  });
});

const refused: DepositOutcome = { kind: 'refused', code: 'disallowed_name', message: 'no' };

describe('a refused picture', () => {
  test('alone ends nothing: its fault is not shown', async () => {
    const { ended, states, until, round, later } = start(1);
    (await round()).answer(refused);
    await until(() => states.length > 2 && states.at(-1) === 'fine, waiting');
    expect(ended).toEqual([]);
    later(10);
    (await round()).answer(refused);
    await until(() => states.at(-1) === 'fine, waiting');
    expect(ended).toEqual([]);
  });

  test('of a backlog ends alone, after the others', async () => {
    const { ids, ended, until, round } = start(5);
    const first = await round();
    first.answerEach((path) => (path === ids[2] ? refused : stored));
    const control = await round();
    expect(control.ids).toEqual([ids[0], ids[2]]);
    control.answerEach((path) => (path === ids[2] ? refused : stored));
    await until(() => ended.length === 5);
    expect(ended.filter(({ result }) => result === 'rejected').map(({ snapshot }) => snapshot)).toEqual([ids[2]]);
  });

  test('is kept with all others if two in a row are refused, and the archive is asked with another one each time', async () => {
    const { ids, ended, states, until, round, later } = start(3);
    (await round()).answer(refused);
    await until(() => states.at(-1) === 'auth_error, waiting');
    const probed: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      later(3600);
      const probe = await round();
      probed.push(...probe.ids);
      probe.answer(refused);
      await until(() => states.at(-1) === 'auth_error, waiting');
    }
    expect(probed).toEqual(ids);
    later(3600);
    for (let left = 3; left > 0;) {
      const next = await round();
      left -= next.ids.length;
      next.answer(stored);
    }
    await until(() => ended.length === 3);
    expect(ended.every(({ result }) => result === 'uploaded')).toBe(true);
  });
});
