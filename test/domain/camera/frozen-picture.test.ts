import { expect, test } from 'vitest';
import { createFreezeWatcher, FROZEN_SECONDS } from '../../../src/domain/camera/frozen-picture.js';
import { createRandom } from '../../support/films/randomness.js';

const width = 40;
const height = 30;
/** rows are padded */
const stride = 48;

/** Plays `seconds` of planes at two a second; returns when the picture was first called frozen. */
function play(seconds: number, draw: (at: number, bytes: Uint8Array) => void): number | undefined {
  const watch = createFreezeWatcher();
  for (let at = 0; at <= seconds; at += 0.5) {
    const bytes = Buffer.alloc(stride * height);
    draw(at, bytes);
    // What stands in the padding is no part of the picture.
    for (let y = 0; y < height; y++) bytes.fill(2 * at, y * stride + width, (y + 1) * stride);
    if (watch({ bytes, width, height, stride }, at)) return at;
    // As a camera reuses its buffers.
    bytes.fill(0);
  }
  return undefined;
}

const still = (bytes: Uint8Array, level = 100) => bytes.forEach((_, p) => (bytes[p] = level + (p % 50)));

test('a lit picture that stays the same bit for bit for two minutes is frozen', () => {
  expect(play(300, (_, bytes) => still(bytes))).toBe(FROZEN_SECONDS);
});

test('a picture that freezes later is found, and one that goes on is not frozen any more', () => {
  expect(play(300, (at, bytes) => still(bytes, at < 90 ? 40 + at : 100))).toBeLessThanOrEqual(90 + FROZEN_SECONDS + 5);
  const watch = createFreezeWatcher();
  const plane = (level: number) => ({ bytes: new Uint8Array(stride * height).fill(level), width, height, stride });
  expect([0, FROZEN_SECONDS].map((at) => watch(plane(100), at))).toEqual([false, true]);
  expect(watch(plane(101), FROZEN_SECONDS + 1)).toBe(false);
});

test('a single pixel that changes now and then is a camera that works', () => {
  const changes = (at: number, bytes: Uint8Array) => {
    still(bytes);
    bytes[5] = 100 + Math.floor(at / 60);
  };
  expect(play(600, changes)).toBeUndefined();
});

test('a dark room from which the camera removes all noise is not frozen', () => {
  const dark = (_: number, bytes: Uint8Array) => {
    bytes.fill(16);
    // a standby lamp
    bytes.fill(200, 3 * stride + 4, 3 * stride + 8);
  };
  expect(play(3600, dark)).toBeUndefined();
});

test('a clip that begins again every few seconds is not frozen', () => {
  const random = createRandom(1);
  const pictures = Array.from({ length: 4 }, () => Math.floor(60 + 100 * random()));
  expect(play(600, (at, bytes) => bytes.fill(pictures[(2 * at) % 4]!))).toBeUndefined();
});
