import { describe, expect, it, vi } from 'vitest';
import { judgeFilm } from '../../support/films/film.js';
import { foliage, water } from '../../support/films/nature.js';
import type { Pose } from '../../support/films/room.js';
import { drawRoom, roomWithPeople, walkIn } from '../../support/films/room.js';

// A film of some minutes takes one or two seconds, and many more on a busy machine.
vi.setConfig({ testTimeout: 180_000 });

const size = { width: 160, height: 120 };
const room = drawRoom(size, 7);

/** A person who walks in from the left at 15 s, stands until `leaves` and walks out again; `breath` as a share of the height. */
function visitor(leaves: number, breath: number): (at: number) => Pose | undefined {
  return (at) => {
    if (at < 15 || at > leaves + 4) return undefined;
    const way = at < 19 ? (at - 15) / 4 : at < leaves ? 1 : 1 - (at - leaves) / 4;
    const tall = 0.6 + breath * Math.sin(at * 1.6);
    return { x: -0.15 + 0.7 * way, y: 0.97, tall, ...(way < 1 && { stride: at }) };
  };
}

describe('a person who keeps still', () => {
  it.each([
    ['breathing', 0.002],
    ['without any movement', 0],
  ])('keeps the room occupied for minutes, %s, until they leave', (_, breath) => {
    const scene = roomWithPeople(size, room, [visitor(150, breath)]);
    const { stays } = judgeFilm({ ...size, fps: 5, seconds: 190, seed: 5, scene });
    expect(stays).toHaveLength(1);
    expect(stays[0]!.to).toBeGreaterThan(168);
    expect(stays[0]!.to).toBeLessThan(178);
  });

  it('has one region as long as they are there, and there is none before or after', () => {
    const { judgements } = judgeFilm({
      ...size,
      fps: 5,
      seconds: 190,
      seed: 5,
      scene: roomWithPeople(size, room, [visitor(150, 0)]),
    });
    const holds = (x: number, y: number) => (region: { x: number; y: number; width: number; height: number }) =>
      region.x < x && x < region.x + region.width && region.y < y && y < region.y + region.height;
    const during = judgements.slice(25 * 5, 145 * 5);
    expect(during.filter(({ regions }) => regions.some(holds(0.55, 0.67))).length).toBeGreaterThan(
      0.95 * during.length,
    );
    expect(during.filter(({ regions }) => regions.length > 1)).toEqual([]);
    const without = [...judgements.slice(0, 14 * 5), ...judgements.slice(178 * 5)];
    expect(without.flatMap(({ regions }) => regions)).toEqual([]);
  });

  it('keeps the room occupied while the lamp is turned down and up', () => {
    const light = (at: number) => (at > 40 && at < 70 ? 0.5 : 1);
    const scene = roomWithPeople(size, room, [visitor(110, 0.002)], light);
    const { stays } = judgeFilm({ ...size, fps: 5, seconds: 150, seed: 6, scene });
    expect(stays).toHaveLength(1);
    expect(stays[0]!.to).toBeGreaterThan(128);
  });
});

it.each([1, 2, 3])(
  'a person who keeps still stays while lamps around them go on and off for minutes (seed %i)',
  (seed) => {
    const lamps = [0.2, 0.5, 0.8].map((x, k) => (at: number, p: number) => {
      const on = at < 30 || at > 170 || Math.sin(Math.floor(at / (9 + 4 * k)) * 12.9 + seed + k) > 0;
      return on ? 0.35 * Math.exp(-(((p % 160) / 160 - x) ** 2) / 0.08) : 0;
    });
    const light = (at: number, p: number) => 0.3 + lamps.reduce((sum, lamp) => sum + lamp(at, p), 0);
    const { stays } = judgeFilm({
      ...size,
      fps: 5,
      seconds: 220,
      seed,
      scene: roomWithPeople(size, room, [visitor(180, 0.002)], light),
    });
    expect(stays).toHaveLength(1);
    expect(stays[0]!.to).toBeGreaterThan(198);
    expect(stays[0]!.to).toBeLessThan(208);
  },
);

it('a person who turns the lamp off at the door has left', () => {
  const scene = roomWithPeople(size, room, [visitor(40, 0.002)], (at) => (at > 43 ? 0.12 : 1));
  const { stays } = judgeFilm({ ...size, fps: 5, seconds: 100, seed: 1, scene });
  expect(stays).toHaveLength(1);
  expect(stays[0]!.to).toBeLessThan(66);
});

it('a chair that was moved does not keep the room occupied after the visit', () => {
  const visit = roomWithPeople(size, room, [visitor(25, 0)]);
  const { stays } = judgeFilm({
    ...size,
    fps: 5,
    seconds: 80,
    seed: 8,
    scene: (at, into, random) => {
      visit(at, into, random);
      const left = at < 22 ? 110 : Math.min(125, 110 + 10 * (at - 22));
      for (let y = 80; y < 110; y++)
        for (let x = Math.floor(left); x < left + 20; x++) into[y * 160 + x] = 60 + 8 * ((x + y) % 5);
    },
  });
  expect(stays).toHaveLength(1);
  expect(stays[0]!.to).toBeLessThan(60);
});

it('a person who walks through the first pictures is found although the scene is hardly known', () => {
  const scene = roomWithPeople(size, room, [walkIn(0, 6, 1.2)]);
  const { stays } = judgeFilm({ ...size, fps: 5, seconds: 10, seed: 12, scene });
  expect(stays).toHaveLength(1);
  expect(stays[0]!.from).toBeLessThan(4);
});

it('the place where a person stood at the start does not keep the room occupied', () => {
  const person = (at: number): Pose | undefined =>
    at > 24
      ? undefined
      : { x: at < 20 ? 0.5 : 0.5 - 0.16 * (at - 20), y: 0.97, tall: 0.6, ...(at > 20 && { stride: at }) };
  const { stays } = judgeFilm({ ...size, fps: 5, seconds: 90, seed: 9, scene: roomWithPeople(size, room, [person]) });
  expect(stays).toHaveLength(1);
  expect(stays[0]!.to).toBeLessThan(50);
});

describe('a scene that moves by itself', () => {
  const through = walkIn(40, 12, 1.2);

  it.each([
    ['water', (people: (typeof through)[]) => water(size, room, 0.6, people)],
    ['leaves in the wind', (people: (typeof through)[]) => foliage(size, room, 3, people)],
  ])('%s: no visit, but a person in front of it is found', (_, scene) => {
    const film = { ...size, fps: 5, seconds: 120, seed: 4, scene: scene([through]) };
    const { stays } = judgeFilm(film);
    expect(stays).toHaveLength(1);
    expect(stays[0]!.from).toBeGreaterThan(40);
    expect(stays[0]!.from).toBeLessThan(46);
    expect(stays[0]!.to).toBeLessThan(100);
  });
});

it('a screen with rolling bars is no visit, but a person in front of it is found', () => {
  const back = room.slice();
  const scene = roomWithPeople(size, back, [walkIn(40, 8, 1.2)]);
  const { stays } = judgeFilm({
    ...size,
    fps: 4,
    seconds: 90,
    seed: 10,
    scene: (at, into, random) => {
      for (let y = 15; y < 80; y++)
        for (let x = 50; x < 140; x++)
          back[y * 160 + x] = 130 + 40 * Math.sin(2 * Math.PI * ((1.5 * y) / 65 - 0.77 * at));
      scene(at, into, random);
    },
  });
  expect(stays).toHaveLength(1);
  expect(stays[0]!.from).toBeGreaterThan(40);
  expect(stays[0]!.from).toBeLessThan(43);
  expect(stays[0]!.to).toBeLessThan(75);
});

describe('a camera that', () => {
  it('switches to infrared causes no visit', () => {
    const infrared = room.map(
      (value, p) => (200 - 0.6 * value) * (1 - 0.5 * Math.hypot((p % 160) / 160 - 0.5, p / 19200 - 0.5)),
    );
    const { stays, lightEvents } = judgeFilm({
      ...size,
      fps: 8,
      seconds: 60,
      seed: 2,
      scene: (at, into) => into.set(at < 30 ? room.map((value) => value * 0.4) : infrared),
    });
    expect(stays).toEqual([]);
    expect(lightEvents).toBeLessThan(3);
  });

  it('changes its exposure in steps causes no visit', () => {
    const steps = [1, 1.3, 0.9, 1.15, 0.8];
    const light = (at: number) => steps[Math.floor(at / 3) % steps.length]!;
    expect(
      judgeFilm({ ...size, fps: 8, seconds: 60, seed: 2, scene: roomWithPeople(size, room, [], light) }).stays,
    ).toEqual([]);
  });
});

describe('the rule', () => {
  const film = { ...size, fps: 5, seconds: 50, seed: 1, scene: roomWithPeople(size, room, [walkIn(20, 6, 1.2, 0.25)]) };
  const moving = (rule: { deltaThresh: number; minArea: number }) =>
    judgeFilm(film, rule).judgements.filter((judgement) => judgement.moving).length;

  it('finds less motion with a larger area or threshold', () => {
    const some = moving({ deltaThresh: 5, minArea: 5000 });
    expect(some).toBeGreaterThan(0);
    expect(moving({ deltaThresh: 5, minArea: 60000 })).toBeLessThan(some);
    expect(moving({ deltaThresh: 25, minArea: 5000 })).toBeLessThan(some);
  });
});
