import { describe, expect, onTestFinished, test } from 'vitest';
import type { Deposit, DepositOutcome } from '../../../src/domain/uploads/archive.js';
import { createNotifier } from '../../../src/async/notifier.js';
import type { SnapshotReceipt, UploadResult } from '../../../src/domain/contract/payloads.js';
import { createAgenda } from '../../../src/domain/uploads/schedule.js';
import { archiveSnapshots } from '../../../src/pipelines/uploader/archive-snapshots.js';
import { createBoundedQueue } from '../../../src/async/bounded-queue.js';
import { makeReceipt } from '../../support/receipt.js';

type Round = { readonly ids: readonly string[]; answer(outcome: DepositOutcome): void };

const stored: DepositOutcome = { kind: 'stored', path: '/somewhere', contentHash: 'hash' };
const full: DepositOutcome = { kind: 'later', why: 'no_space', code: 'insufficient_space', message: 'full' };

/** An archive that answers when the test says so, beside everything real; time stands still unless it is set. */
function stage(count: number) {
  const bytes = Buffer.from('picture');
  const receipts = Array.from({ length: count }, (_, n) => makeReceipt(bytes, 'http://detector', { at: 1000 + n }));
  const queue = new Map(receipts.map((receipt) => [receipt.id, receipt]));
  const agenda = createAgenda();
  for (const receipt of receipts) agenda.add(receipt);
  const fetched: string[] = [];
  const ended: UploadResult[] = [];
  const said: string[] = [];
  const rounds = createBoundedQueue<Round>();
  const next = rounds[Symbol.asyncIterator]();
  const news = createNotifier();
  const stop = new AbortController();
  const clock = { now: 2000 };
  let wake = () => undefined as void;
  const running = archiveSnapshots(
    {
      queue: { read: (id) => Promise.resolve(queue.get(id)) },
      agenda,
      added: createNotifier(),
      download({ id }: SnapshotReceipt) {
        fetched.push(id);
        news.notify();
        return Promise.resolve({ kind: 'fetched', bytes });
      },
      archive: {
        kind: 'folder',
        check: () => Promise.resolve(undefined),
        store: (deposits: readonly Deposit[]) =>
          new Promise((resolve) => {
            const answer = (outcome: DepositOutcome) => resolve(deposits.map(() => outcome));
            rounds.put({ ids: deposits.map(({ path }) => path), answer });
          }),
      },
      placeOf: ({ id }) => ({ path: id }),
      finish(result) {
        queue.delete(result.snapshot);
        ended.push(result);
        news.notify();
        return Promise.resolve();
      },
      stands({ state }, busy) {
        said.push(`${state}, ${busy ? 'busy' : 'waiting'}`);
        news.notify();
      },
      log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
      now: () => clock.now,
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
  const until = async (true_: () => boolean) => {
    while (!true_()) await news.wait(stop.signal);
  };
  return {
    ids: receipts.map(({ id }) => id),
    fetched,
    ended,
    said,
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
  test('is fetched a round ahead of the archive, which is given one round after the other', async () => {
    const { ids, fetched, ended, until, round } = stage(250);
    const first = await round();
    await until(() => fetched.length === 200);
    expect(first.ids).toEqual(ids.slice(0, 100));
    expect(ended).toEqual([]);

    first.answer(stored);
    const second = await round();
    await until(() => fetched.length === 250);
    expect(second.ids).toEqual(ids.slice(100, 200));
    expect(ended.length).toBe(100);
    second.answer(stored);
    const third = await round();
    third.answer(stored);
    await until(() => ended.length === 250);
    expect(third.ids).toEqual(ids.slice(200));
    expect(fetched).toEqual(ids);
    expect(ended.map(({ snapshot }) => snapshot)).toEqual(ids);
  });

  test('that was fetched ahead is not given to an archive that has just refused', async () => {
    const { ids, fetched, ended, said, until, round, later } = stage(150);
    const first = await round();
    await until(() => fetched.length === 150);
    first.answer(full);
    await until(() => said.at(-1) === 'no_space, waiting');

    // One finds out whether it still holds, then the rest comes, fetched again.
    later(3600);
    const alone = await round();
    expect(alone.ids).toEqual(ids.slice(0, 1));
    alone.answer(stored);
    const second = await round();
    expect(second.ids).toEqual(ids.slice(1, 101));
    second.answer(stored);
    const third = await round();
    third.answer(stored);
    await until(() => ended.length === 150);
    expect(ended.map(({ snapshot }) => snapshot).toSorted()).toEqual(ids.toSorted());
  });
});
