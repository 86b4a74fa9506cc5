import { expect, test } from 'vitest';
import { id } from '../../src/domain/contract/payloads.js';
import { createCountedIds, newId } from '../../src/runtime/ids.js';

test('an id is a UUIDv7 that carries its time', () => {
  const made = newId(1_800_000_000.123);
  expect(id.parse(made)).toBe(made);
  expect(parseInt(made.replace('-', '').slice(0, 12), 16)).toBe(1_800_000_000_123);
});

test('counted ids repeat from run to run and differ within one', () => {
  const run = () => [1, 1, 2, 0].map(createCountedIds());
  expect(run()).toEqual(run());
  expect(new Set(run()).size).toBe(4);
  for (const made of run()) expect(id.parse(made)).toBe(made);
});
