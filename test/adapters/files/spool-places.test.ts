import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { createSpoolPlaces } from '../../../src/adapters/files/spool-places.js';
import { newId } from '../../../src/runtime/ids.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heldBytes(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

test('a key set again keeps its position and its first time, and gets its new place', () => {
  const places = createSpoolPlaces();
  places.set('a', { offset: 0, bytes: 9 }, 100.5);
  places.set('b', { offset: 10, bytes: 4 }, 101);
  places.set('a', { offset: 15, bytes: 19 }, 102);
  expect([...places.keys()]).toEqual(['a', 'b']);
  expect(places.oldestAt()).toBe(100.5);
  expect(places.get('a')).toEqual({ offset: 15, bytes: 19 });
  expect([...places.all()]).toEqual([
    { offset: 15, bytes: 19 },
    { offset: 10, bytes: 4 },
  ]);
  expect(places.bytes).toBe(25);
});

test('a deleted key that is set again comes last, as a new one', () => {
  const places = createSpoolPlaces();
  for (const [n, key] of ['a', 'b', 'c'].entries()) places.set(key, { offset: n * 10, bytes: 9 }, n);
  places.delete('a');
  places.delete('a');
  expect([places.has('a'), places.get('a'), places.size, places.bytes, places.oldestAt()]).toEqual([
    false,
    undefined,
    2,
    20,
    1,
  ]);
  places.set('d', { offset: 30, bytes: 1 }, 3);
  places.set('a', { offset: 40, bytes: 2 }, 4);
  expect([...places.keys()]).toEqual(['b', 'c', 'd', 'a']);
  expect([...places.all()].map(({ offset }) => offset)).toEqual([10, 20, 30, 40]);
  for (const key of ['b', 'c', 'd', 'a']) places.delete(key);
  expect([places.size, places.bytes, places.oldestAt()]).toEqual([0, 0, undefined]);
});

test('places beyond 4 GB work too', () => {
  const places = createSpoolPlaces();
  places.set('far', { offset: 5e9, bytes: 100 }, 1);
  expect(places.get('far')).toEqual({ offset: 5e9, bytes: 100 });
});

test('ten thousand records that come and go take about a megabyte', () => {
  const places = createSpoolPlaces();
  const before = heldBytes();
  const ids: string[] = [];
  for (let n = 0; n < 30_000; n++) {
    const id = newId(n);
    ids.push(id);
    places.set(id, { offset: n * 200, bytes: 199 }, n + 0.5);
    const oldest = ids.length > 10_000 ? ids.shift() : undefined;
    if (oldest !== undefined) places.delete(oldest);
  }
  ids.length = 0;
  expect(places.size).toBe(10_000);
  expect(heldBytes() - before).toBeLessThan(2e6);
});
