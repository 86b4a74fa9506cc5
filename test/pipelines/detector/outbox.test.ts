import { expect, test } from 'vitest';
import type { SnapshotFacts } from '../../../src/domain/contract/payloads.js';
import { createOutbox } from '../../../src/pipelines/detector/outbox.js';

const receipt = (n: number): SnapshotFacts => ({
  id: `01900000-0000-7000-8000-00000000000${n}`,
  room: 'hall',
  visit: null,
  reason: 'command',
  taken_at: '2026-11-22T10:15:30.123Z',
  bytes: 1,
  sha256: 'a'.repeat(64),
  width: 4,
  height: 3,
  regions: [],
});

function memory(...receipts: SnapshotFacts[]) {
  const kept = new Map(receipts.map((one) => [one.id, one]));
  return {
    kept,
    records: {
      put: (id: string, one: SnapshotFacts) => Promise.resolve(void kept.set(id, one)),
      read: (id: string) => Promise.resolve(kept.get(id)),
      remove: (id: string) => Promise.resolve(void kept.delete(id)),
      has: (id: string) => kept.has(id),
      keys: () => kept.keys(),
    },
  };
}

test('receipts of an earlier run come first, in order, and stay until an uploader has reported on them', async () => {
  const { kept, records } = memory(receipt(1), receipt(2));
  const outbox = createOutbox(records, () => 0);
  await outbox.put(receipt(3));
  expect(outbox.size).toBe(3);
  const stop = new AbortController();
  const delivered: string[] = [];
  await outbox.deliver(({ id }) => {
    delivered.push(id.slice(-1));
    if (delivered.length === 3) stop.abort();
    return Promise.resolve();
  }, stop.signal);
  expect(delivered).toEqual(['1', '2', '3']);
  expect(outbox.size).toBe(0);
  expect(kept.size).toBe(3);
  for (const n of [1, 2, 3]) await outbox.settle(receipt(n).id);
  expect(kept.size).toBe(0);
});

const cases = [
  ['delivered a minute ago on this connection', 100, 160, 50, 0],
  ['delivered three minutes ago on this connection', 100, 281, 50, 1],
  ['delivered on an earlier connection', 100, 111, 105, 1],
  ['delivered on an earlier connection just now', 100, 106, 105, 0],
  ['delivered as soon as the connection was back, perhaps without a subscriber', 110, 136, 105, 1],
  ['delivered when all subscribers could be back', 140, 160, 105, 0],
  ['delivered as soon as the first connection was made, perhaps without a subscriber', 100, 160, 99, 1],
] as const;
test.each(cases)('a receipt without a report, %s', async (_, deliveredAt, now, connectedAt, again) => {
  let clock: number = deliveredAt;
  const outbox = createOutbox(memory(receipt(1)).records, () => clock);
  const connect = () => {
    clock = connectedAt;
    outbox.connected();
  };
  if (connectedAt < deliveredAt) connect();
  clock = deliveredAt;
  const stop = new AbortController();
  await outbox.deliver(() => Promise.resolve(stop.abort()), stop.signal);
  if (connectedAt > deliveredAt) connect();
  clock = now;
  outbox.repeat();
  expect(outbox.size).toBe(again);
  await outbox.settle(receipt(1).id);
  clock = 1e9;
  outbox.connected();
  expect(outbox.size).toBe(0);
});

test('the pauses between repeats grow', async () => {
  let clock = 0;
  const outbox = createOutbox(memory(receipt(1)).records, () => clock);
  const stop = new AbortController();
  const times: number[] = [];
  const delivering = outbox.deliver(() => Promise.resolve(void times.push(clock)), stop.signal);
  for (clock = 0; clock < 3600; clock += 10) {
    outbox.repeat();
    await new Promise(setImmediate);
  }
  stop.abort();
  await delivering;
  expect(times).toEqual([0, 130, 380, 870, 1840]);
});

test('a receipt whose URL has expired is delivered again, at most every ten seconds, until it is settled', async () => {
  let clock = 0;
  const outbox = createOutbox(memory(receipt(1)).records, () => clock);
  const stop = new AbortController();
  const times: number[] = [];
  const delivering = outbox.deliver(() => Promise.resolve(void times.push(clock)), stop.signal);
  for (clock = 0; clock < 30; clock += 1) {
    if (clock === 25) await outbox.settle(receipt(1).id);
    await new Promise(setImmediate);
    outbox.renew(receipt(1).id);
    outbox.renew(receipt(2).id);
    await new Promise(setImmediate);
  }
  stop.abort();
  await delivering;
  expect(times).toEqual([0, 11, 22]);
});

test('a receipt whose URL expires while it waits for the broker is delivered again', async () => {
  const outbox = createOutbox(memory(receipt(1)).records, () => 0);
  const stop = new AbortController();
  let deliveries = 0;
  await outbox.deliver(({ id }) => {
    deliveries += 1;
    if (deliveries === 1) outbox.renew(id);
    else stop.abort();
    return Promise.resolve();
  }, stop.signal);
  expect(deliveries).toBe(2);
});

test('a receipt that the broker has not acknowledged stays', async () => {
  const { kept, records } = memory(receipt(1));
  const outbox = createOutbox(records, () => 0);
  const stop = new AbortController();
  await outbox.deliver(() => {
    stop.abort();
    return Promise.reject(new Error('closed'));
  }, stop.signal);
  expect(kept.size).toBe(1);
  expect(outbox.size).toBe(1);
});

test('several receipts wait for the broker at a time, but not more than sixteen', async () => {
  const many = Array.from({ length: 40 }, (_, n) => ({ ...receipt(0), id: `0190-${n}` }));
  const outbox = createOutbox(memory(...many).records, () => 0);
  const stop = new AbortController();
  const waiting: (() => void)[] = [];
  let published = 0;
  let most = 0;
  const delivering = outbox.deliver(async () => {
    published += 1;
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      most = Math.max(most, waiting.length);
    });
  }, stop.signal);
  while (published < 40) {
    await new Promise((resolve) => setImmediate(resolve));
    if (waiting.length === 16 || published + waiting.length > 40) for (const answer of waiting.splice(0)) answer();
  }
  stop.abort();
  for (const answer of waiting) answer();
  await delivering;
  expect(most).toBe(16);
});
