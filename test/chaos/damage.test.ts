import { expect, test } from 'vitest';
import { createDamagedPlaces } from './damage.js';

test('one of picture, index and outbox stays as it is until the detector has mended its files', () => {
  let pictures = 0;
  const places = createDamagedPlaces(() => pictures > 0);
  expect(['outbox', 'outbox', 'snapshot-index', 'picture', 'room.json'].map(places.claim)).toEqual([
    ...[true, true, true, false, true],
  ]);
  places.mended();
  expect(['picture', 'snapshot-index'].map(places.claim)).toEqual([true, true]);
  pictures = 1;
  expect(places.claim('outbox')).toBe(false);
  places.mended();
  expect(['snapshot-index', 'outbox', 'snapshot-index'].map(places.claim)).toEqual([true, false, true]);
  pictures = 0;
  places.mended();
  expect(['snapshot-index', 'outbox'].map(places.claim)).toEqual([true, true]);
});
