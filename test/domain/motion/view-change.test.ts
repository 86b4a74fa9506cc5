import { expect, test } from 'vitest';
import { judgeFilm, type Film, type Scene } from '../../support/films/film.js';
import { drawRoom, roomWithPeople, walkIn, type Size } from '../../support/films/room.js';

const size: Size = { width: 160, height: 120 };
const world: Size = { width: 320, height: 160 };
const fps = 5;

/** A camera in a larger room: it shows the part that begins at `where(at)`; people are drawn in its picture. */
function cameraFilm(
  where: (at: number) => readonly [number, number],
  people: Parameters<typeof roomWithPeople>[2] = [],
  seconds = 110,
): Film {
  const room = drawRoom(world, 3);
  const part = new Float32Array(size.width * size.height);
  const scene: Scene = (at, into, random) => {
    const [left, top] = where(at).map(Math.round) as [number, number];
    for (let y = 0; y < size.height; y++)
      part.set(
        room.subarray((y + top) * world.width + left, (y + top) * world.width + left + size.width),
        y * size.width,
      );
    roomWithPeople(size, part, people)(at, into, random);
  };
  return { ...size, fps, seconds, seed: 5, scene };
}

const between = (at: number, from: number, to: number) => Math.max(0, Math.min(1, (at - from) / (to - from)));

const moves: Readonly<Record<string, (at: number) => readonly [number, number]>> = {
  'turned within four seconds': (at) => [10 + 120 * between(at, 40, 44), 10],
  'turned slowly': (at) => [10 + 120 * between(at, 40, 55), 10],
  'at another preset from one picture to the next': (at) => (at < 40 ? [10, 10] : [140, 30]),
  knocked: (at) => (at < 40 ? [20, 20] : at < 40.6 ? [34, 12] : [26, 24]),
  'on patrol': (at) => [10 + 120 * (between(at, 40, 42) - between(at, 70, 72)), 10],
};

test.each(Object.entries(moves))('a camera that is %s makes no visit, or one that ends in time', (_, where) => {
  const { stays } = judgeFilm(cameraFilm(where));
  const rest = 55;
  for (const { from, to } of stays) {
    expect(from).toBeGreaterThan(39);
    expect(to).toBeLessThan(rest + 25);
  }
  expect(stays.length).toBeLessThanOrEqual(1);
});

test.each(Object.entries(moves))('somebody who walks in a minute after a camera is %s is seen', (_, where) => {
  const { stays } = judgeFilm(cameraFilm(where, [walkIn(104, 4, 1.1)], 112));
  expect(stays.filter(({ from }) => from >= 104 && from < 107)).toHaveLength(1);
});

test('a camera that moves during a visit leaves whoever moves on in the room', () => {
  const pace = (at: number) =>
    at < 20 ? undefined : { x: 0.5 + 0.3 * Math.sin(at / 2), y: 0.97, tall: 0.6, stride: at };
  const { stays } = judgeFilm(cameraFilm(moves['turned within four seconds']!, [pace], 90));
  expect(stays).toHaveLength(1);
  expect(stays[0]).toMatchObject({ to: Infinity });
});

test('a person before a bare wall is no other view, however large', () => {
  const wall = new Float32Array(size.width * size.height).fill(128);
  const scene = roomWithPeople(size, wall, [walkIn(20, 6, 0.5, 1.2)]);
  expect(judgeFilm({ ...size, fps, seconds: 25, seed: 5, scene }).stays).toHaveLength(1);
});
