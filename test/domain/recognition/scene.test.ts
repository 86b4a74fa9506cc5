import { expect, test } from 'vitest';
import { candidates, farMovers, personLike, tooDark, type Mover } from '../../../src/domain/recognition/scene.js';
import { moverIn, quietScene } from './scenes.js';

const walker = moverIn({ x: 0.1, y: 0.2, width: 0.15, height: 0.6 }, { length: 12, travel: 0.3 });

const travelling: [string, Partial<Mover>, boolean][] = [
  ['far, long, upright', {}, true],
  ['not accepted by the judge', { accepted: false }, false],
  ['not far enough', { travel: 0.1 }, false],
  ['not long enough', { length: 5 }, false],
  ['as small as a cat', { width: 0.05, height: 0.15 }, false],
  ['as long as a dog', { width: 0.4, height: 0.3 }, false],
];

test.each(travelling)('somebody travels like a person: %s', (_, other, like) => {
  expect(personLike(quietScene({ movers: [{ ...walker, ...other }] }))).toHaveLength(like ? 1 : 0);
});

const looked: [string, Partial<Mover>, boolean][] = [
  ['what the judge believes', { length: 1 }, true],
  ['what lasts', { accepted: false, length: 3, area: 0.001 }, true],
  ['what is new but large', { accepted: false, length: 2 }, true],
  ['not what is new and small', { accepted: false, length: 2, area: 0.001 }, false],
  ['not a few pixels', { accepted: false, area: 0.0001 }, false],
];

test.each(looked)('worth a look: %s', (_, other, worth) => {
  expect(candidates(quietScene({ movers: [{ ...walker, ...other }] }))).toHaveLength(worth ? 1 : 0);
});

test('accepted movers come first, then the largest', () => {
  const movers = [
    { ...walker, area: 0.01, accepted: false },
    { ...walker, area: 0.05, accepted: false },
    { ...walker, area: 0.002 },
  ];
  expect(candidates(quietScene({ movers })).map(({ area }) => area)).toEqual([0.002, 0.05, 0.01]);
});

test('an almost black picture is too dark', () => {
  expect(tooDark(quietScene({ brightness: 5 }), false)).toBe(true);
  expect(tooDark(quietScene({ brightness: 40 }), true)).toBe(false);
});

test('a picture between dark and light stays what it was', () => {
  expect(tooDark(quietScene({ brightness: 16 }), true)).toBe(true);
  expect(tooDark(quietScene({ brightness: 16 }), false)).toBe(false);
});

const far = moverIn(
  { x: 0.6, y: 0.4, width: 0.02, height: 0.05 },
  { area: 0.0007, length: 30, travel: 0.4, accepted: false },
);
const crossing: [string, Partial<Mover>, boolean][] = [
  ['small, steadily and far', {}, true],
  ['not as far as a dog at play', { travel: 0.25 }, false],
  ['not for a gust of wind', { length: 12 }, false],
  ['not a few pixels', { area: 0.0002 }, false],
  ['not wider than tall', { width: 0.06 }, false],
];

test.each(crossing)('somebody far away crosses the scene: %s', (_, other, goes) => {
  expect(farMovers(quietScene({ movers: [{ ...far, ...other }] }))).toHaveLength(goes ? 1 : 0);
});
