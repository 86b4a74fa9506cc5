import { expect, test } from 'vitest';
import type { Masks } from '../../../src/domain/page/payloads.js';
import { openMasksKeeper } from '../../../src/pipelines/detector/masks.js';

const corner: Masks = [[[0, 0], [0.5, 0], [0, 0.5]]]; // prettier-ignore
const drawn: Masks = [[[1, 1], [0.5, 1], [1, 0.5]]]; // prettier-ignore

function notebook(kept: unknown, save: () => Promise<void> = () => Promise.resolve()) {
  const said: unknown[] = [];
  return {
    said,
    load: () => Promise.resolve(kept),
    save: (masks: unknown) => (said.push(['save', masks]), save()),
    changed: (masks: unknown) => void said.push(['changed', masks]),
    failed: () => void said.push(['failed']),
  };
}

test.each([
  ['the configured masks apply until others are drawn', {}, corner],
  ['masks that an earlier run stored override them', { masks: drawn }, drawn],
  ['an empty list that was stored overrides them too', { masks: [] }, []],
  ['invalid masks are ignored', { masks: [[[2, 2]]] }, corner],
])('%s', async (_what, kept, expected) => {
  expect((await openMasksKeeper(corner, notebook(kept))).now()).toEqual(expected);
});

test('a change applies at once and is stored', async () => {
  const needs = notebook({});
  const keeper = await openMasksKeeper(corner, needs);
  await keeper.change(drawn);
  expect(keeper.now()).toEqual(drawn);
  expect(needs.said).toEqual([
    ['changed', drawn],
    ['save', { masks: drawn }],
  ]);
});

test('a change that cannot be stored applies all the same, and the failure is reported', async () => {
  const needs = notebook({}, () => Promise.reject(new Error('disk full')));
  const keeper = await openMasksKeeper(corner, needs);
  await keeper.change(drawn);
  expect(keeper.now()).toEqual(drawn);
  expect(needs.said.at(-1)).toEqual(['failed']);
});
