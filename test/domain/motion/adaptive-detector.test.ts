import { describe, expect, it, vi } from 'vitest';
import { drawFrames, judgeFilm } from '../../support/films/film.js';
import { drawRoom, roomWithPeople, walkIn } from '../../support/films/room.js';
import { createAdaptiveDetector } from '../../../src/domain/motion/adaptive-detector.js';
import { resample } from '../../../src/domain/motion/resample.js';
import type { TrackReport } from '../../../src/domain/motion/motion-detector.js';

// A film of some minutes takes one or two seconds, and many more on a busy machine.
vi.setConfig({ testTimeout: 180_000 });

const size = { width: 160, height: 120 };
const room = drawRoom(size, 7);
const through = walkIn(20, 6, 1.2);

describe('a person who walks through the room', () => {
  it.each([1, 2, 5, 15, 30])('is one visit at %i frames a second', (fps) => {
    const { stays } = judgeFilm({ ...size, fps, seconds: 60, seed: 1, scene: roomWithPeople(size, room, [through]) });
    expect(stays).toHaveLength(1);
    expect(stays[0]!.from).toBeGreaterThan(20);
    expect(stays[0]!.from).toBeLessThanOrEqual(22);
    expect(stays[0]!.to).toBeGreaterThan(45);
    expect(stays[0]!.to).toBeLessThan(48);
  });

  it('is one visit in a picture of half the size', () => {
    const half = { width: 80, height: 60 };
    const scene = roomWithPeople(half, drawRoom(half, 7), [through]);
    expect(judgeFilm({ ...half, fps: 10, seconds: 60, seed: 1, scene }).stays).toHaveLength(1);
  });
});

describe('a change of the light', () => {
  it.each([
    ['a lamp switched off', (at: number) => (at < 20 ? 1 : 0.12)],
    ['a lamp switched on', (at: number) => (at < 20 ? 0.12 : 1)],
    ['light in steps', (at: number) => 0.3 + 0.2 * (Math.floor(at / 7) % 4)],
    ['dusk', (at: number) => Math.max(0.1, 1 - at / 50)],
  ])('is no visit: %s', (_, light) => {
    const { stays } = judgeFilm({
      ...size,
      fps: 8,
      seconds: 60,
      seed: 3,
      scene: roomWithPeople(size, room, [], light),
    });
    expect(stays).toEqual([]);
  });

  it('is reported once for each switch', () => {
    const scene = roomWithPeople(size, room, [], (at) => (at < 20 ? 1 : 0.3));
    expect(judgeFilm({ ...size, fps: 8, seconds: 30, seed: 3, scene }).lightEvents).toBe(1);
  });
});

describe('a gap in time', () => {
  it('starts a new scene and reports no motion', () => {
    const detector = createAdaptiveDetector({ deltaThresh: 5, minArea: 5000 });
    for (const { at, gray } of drawFrames({
      ...size,
      fps: 5,
      seconds: 6,
      seed: 1,
      scene: roomWithPeople(size, room, []),
    }))
      expect(detector.judge(gray, at, false).moving).toBe(false);
    const other = roomWithPeople(size, drawRoom(size, 8), []);
    for (const { at, gray } of drawFrames({ ...size, fps: 5, seconds: 6, seed: 2, scene: other })) {
      const { moving, ready } = detector.judge(gray, at + 60, false);
      expect(moving).toBe(false);
      expect(ready).toBe(at >= 2.5);
    }
  });
});

describe('the tracks of the frame analysed last', () => {
  it('say where the person is, how far they have gone, and whether they count as motion', () => {
    const detector = createAdaptiveDetector({ deltaThresh: 5, minArea: 5000 });
    expect(detector.tracks()).toEqual([]);
    const scene = roomWithPeople(size, room, [through]);
    const film = Array.from(drawFrames({ ...size, fps: 5, seconds: 26, seed: 1, scene }), ({ at, gray }) => {
      const { moving } = detector.judge(gray, at, false);
      const accepted = detector.tracks().filter((track) => track.accepted);
      expect(accepted.length > 0).toBe(moving);
      return { at, accepted };
    });
    expect(film.slice(0, 20 * 5).flatMap(({ accepted }) => accepted)).toEqual([]);
    for (const { at, accepted } of film.slice(22 * 5, 24 * 5)) {
      const [{ box, changedFrames, travel }] = accepted as [TrackReport];
      const person = -0.15 + (1.35 * (at - 20)) / 6;
      expect(Math.abs(box.x + box.width / 2 - person)).toBeLessThan(0.1);
      expect(box.y + box.height).toBeGreaterThan(0.8);
      expect(changedFrames).toBeGreaterThan(5);
      expect(Math.abs(travel - person)).toBeLessThan(0.2);
    }
  });

  it('are all rejected while the light changes', () => {
    const detector = createAdaptiveDetector({ deltaThresh: 5, minArea: 5000 });
    const scene = roomWithPeople(size, room, [walkIn(4, 10, 1.2)], (at) => (at < 8 ? 1 : 0.3));
    let rejected = 0;
    for (const { at, gray } of drawFrames({ ...size, fps: 5, seconds: 9, seed: 3, scene })) {
      if (detector.judge(gray, at, false).suppressed === undefined) continue;
      expect(detector.tracks().filter(({ accepted }) => accepted)).toEqual([]);
      rejected += detector.tracks().length;
    }
    expect(rejected).toBeGreaterThan(0);
  });
});

it.each([0, 37, 255])('the brightness of an even picture is its grey level (%i)', (level) => {
  const detector = createAdaptiveDetector({ deltaThresh: 5, minArea: 5000 });
  expect(detector.brightness()).toBeUndefined();
  detector.judge({ width: 16, height: 12, pixels: new Uint8Array(16 * 12).fill(level) }, 0, false);
  expect(detector.brightness()).toBeCloseTo(level, 6);
});

describe('a break, or another size', () => {
  const film = (seed: number, width = 160, height = 120) => {
    const scene = roomWithPeople({ width, height }, drawRoom({ width, height }, seed), []);
    return { width, height, fps: 5, seconds: 8, seed: 1, scene };
  };
  /** Judges a first film, and the first picture of another one `pause` seconds later. */
  const judgeAfter = (pause: number, next: Parameters<typeof drawFrames>[0]) => {
    const detector = createAdaptiveDetector({ deltaThresh: 5, minArea: 5000 });
    for (const { at, gray } of drawFrames(film(7))) detector.judge(gray, at, false);
    const [first] = drawFrames(next);
    return detector.judge(first!.gray, 8 + pause, false);
  };

  it.each([8, 300])('leaves a scene known that looks the same (after %i s)', (pause) => {
    expect(judgeAfter(pause, film(7))).toMatchObject({ ready: true, moving: false });
  });

  it.each([
    ['another scene after 8 s', 8, film(20)],
    ['the same scene after eleven minutes', 660, film(7)],
    ['another scene at another size', 0.2, film(20, 176, 144)],
  ])('starts anew: %s', (_, pause, next) => {
    expect(judgeAfter(pause, next)).toMatchObject({ ready: false, moving: false });
  });

  it('leaves a scene known that comes at another size', () => {
    const small = [...drawFrames(film(7))].at(-1)!.gray;
    const large = resample(small, 200, 150);
    const detector = createAdaptiveDetector({ deltaThresh: 5, minArea: 5000 });
    for (const { at, gray } of drawFrames(film(7))) detector.judge(gray, at, false);
    for (let n = 1; n < 10; n++)
      expect(detector.judge(large, 8 + n / 5, false)).toMatchObject({ ready: true, moving: false });
  });
});
