import { describe, expect, it, vi } from 'vitest';
import { frames, watch } from '../../support/films/film.js';
import { drawRoom, inhabited, walkIn } from '../../support/films/room.js';
import { createAdaptiveDetector } from '../../../src/domain/motion/adaptive-detector.js';

// A film of minutes takes a second or two, and many more on a busy machine.
vi.setConfig({ testTimeout: 180_000 });

const size = { width: 160, height: 120 };
const room = drawRoom(size, 7);
const through = walkIn(20, 6, 1.2);

describe('somebody walks through', () => {
  it.each([4, 10, 25])('and is one visit at %i frames a second', (fps) => {
    const { stays } = watch({ ...size, fps, seconds: 60, seed: 1, scene: inhabited(size, room, [through]) });
    expect(stays).toHaveLength(1);
    expect(stays[0]!.from).toBeGreaterThan(20);
    expect(stays[0]!.from).toBeLessThan(22);
    expect(stays[0]!.to).toBeGreaterThan(45);
    expect(stays[0]!.to).toBeLessThan(48);
  });

  it('and is one visit in half the size', () => {
    const half = { width: 80, height: 60 };
    const scene = inhabited(half, drawRoom(half, 7), [through]);
    expect(watch({ ...half, fps: 10, seconds: 60, seed: 1, scene }).stays).toHaveLength(1);
  });
});

describe('light', () => {
  it.each([
    ['switched off', (at: number) => (at < 20 ? 1 : 0.12)],
    ['switched on', (at: number) => (at < 20 ? 0.12 : 1)],
    ['in steps', (at: number) => 0.3 + 0.2 * (Math.floor(at / 7) % 4)],
    ['of dusk', (at: number) => Math.max(0.1, 1 - at / 50)],
  ])('%s is nobody', (_, light) => {
    const { stays } = watch({ ...size, fps: 8, seconds: 60, seed: 3, scene: inhabited(size, room, [], light) });
    expect(stays).toEqual([]);
  });

  it('is counted once a switch', () => {
    const scene = inhabited(size, room, [], (at) => (at < 20 ? 1 : 0.3));
    expect(watch({ ...size, fps: 8, seconds: 30, seed: 3, scene }).lightEvents).toBe(1);
  });
});

describe('a seam', () => {
  it('in time or size learns anew and reports nothing', () => {
    const judge = createAdaptiveDetector({ deltaThresh: 5, minArea: 5000 });
    for (const { at, gray } of frames({ ...size, fps: 5, seconds: 6, seed: 1, scene: inhabited(size, room, []) }))
      expect(judge.judge(gray, at, false).moving).toBe(false);
    const other = inhabited(size, drawRoom(size, 8), []);
    for (const { at, gray } of frames({ ...size, fps: 5, seconds: 6, seed: 2, scene: other })) {
      const { moving, ready } = judge.judge(gray, at + 60, false);
      expect(moving).toBe(false);
      expect(ready).toBe(at >= 2.5);
    }
  });
});
