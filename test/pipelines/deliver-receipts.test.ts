import { expect, test } from 'vitest';
import type { SnapshotReceipt } from '../../src/domain/payloads.js';
import { createOutbox } from '../../src/pipelines/deliver-receipts.js';

const receipt = (n: number): SnapshotReceipt => ({
  id: `01900000-0000-7000-8000-00000000000${n}`,
  room: 'hall',
  visit: null,
  reason: 'command',
  taken_at: '2026-11-22T10:15:30.123Z',
  url: 'http://127.0.0.1/snapshots/x.jpg',
  bytes: 1,
  sha256: 'a'.repeat(64),
  width: 4,
  height: 3,
  regions: [],
});

function memory(...receipts: SnapshotReceipt[]) {
  const kept = new Map(receipts.map((one) => [one.id, one]));
  return {
    kept,
    records: {
      put: (id: string, one: SnapshotReceipt) => Promise.resolve(void kept.set(id, one)),
      read: (id: string) => Promise.resolve(kept.get(id)),
      remove: (id: string) => Promise.resolve(void kept.delete(id)),
      keys: () => kept.keys(),
    },
  };
}

test('receipts of an earlier run go first, in order, and leave when the broker has them', async () => {
  const { kept, records } = memory(receipt(1), receipt(2));
  const outbox = createOutbox(records);
  await outbox.put(receipt(3));
  expect(outbox.size).toBe(3);
  const stop = new AbortController();
  const said: string[] = [];
  await outbox.deliver(({ id }) => {
    said.push(id.slice(-1));
    expect(kept.has(id)).toBe(true);
    if (said.length === 3) stop.abort();
    return Promise.resolve();
  }, stop.signal);
  expect(said).toEqual(['1', '2', '3']);
  expect(kept.size).toBe(0);
  expect(outbox.size).toBe(0);
});

test('what the broker never acknowledged stays', async () => {
  const { kept, records } = memory(receipt(1));
  const refused = createOutbox(records).deliver(
    () => Promise.reject(new Error('closed')),
    new AbortController().signal,
  );
  await expect(refused).rejects.toThrow('closed');
  expect(kept.size).toBe(1);
});
