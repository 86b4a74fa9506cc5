import { expect, test } from 'vitest';
import { createAdaptiveMotion } from '../../../src/adapters/opencv/adaptive-motion.js';
import { openCv, type Mat } from '../../../src/adapters/opencv/binding.js';
import { bgrPicture, type Picture } from '../../../src/adapters/opencv/picture.js';
import type { Judgement } from '../../../src/domain/motion/judgement.js';
import { flatImage } from '../../support/mat.js';

const rule = { deltaThresh: 5, minArea: 5000, masks: [] };
type Motion = ReturnType<typeof createAdaptiveMotion>;

/** Five seconds of an empty room, then somebody who walks through it for three, at 10 frames a second. */
function walk(motion: Motion, from = 0): Judgement[] {
  return Array.from({ length: 80 }, (_, n) =>
    motion.judge(room(n < 50 ? undefined : (n - 50) / 30), from + n / 10, false),
  );
}

test('an empty room is calm, who walks through it is a region where he is', () => {
  const judged = walk(createAdaptiveMotion(rule));
  expect(judged.slice(0, 50).some(({ moving }) => moving)).toBe(false);
  const moving = judged.slice(50).filter((one) => one.moving);
  expect(moving.length).toBeGreaterThan(20);
  // Half way he stands in the middle.
  const [region] = judged[65]!.regions;
  expect(region!.x).toBeGreaterThan(0.3);
  expect(region!.x + region!.width).toBeLessThan(0.75);
  expect(region!.y + region!.height).toBeGreaterThan(0.6);
});

test('frames between two looks carry the judgement', () => {
  const motion = createAdaptiveMotion(rule);
  const first = motion.judge(room(), 0, false);
  const untouchable = { width: 320, height: 240 } as Picture;
  expect(motion.judge(untouchable, 0.1, false)).toEqual(first);
  expect(() => motion.judge(untouchable, 0.2, false)).toThrow();
});

test('every picture is judged in the same memory', () => {
  const motion = createAdaptiveMotion(rule);
  motion.judge(room(), 0, false);
  const first = motion.inspect('gray', room());
  const before = Buffer.from(first!.pixels);
  motion.judge(room(0.5), 0.2, false);
  const second = motion.inspect('gray', room());
  expect(second?.pixels).toBe(first?.pixels);
  expect(Buffer.from(second!.pixels).equals(before)).toBe(false);
});

test('what a mask covers is not seen', () => {
  const all = [[0, 0], [1, 0], [1, 1], [0, 1]] as const; // prettier-ignore
  const judged = walk(createAdaptiveMotion({ ...rule, masks: [all] }));
  expect(judged.some(({ moving }) => moving)).toBe(false);
});

test('neither a changed rule nor a reset nor another size is motion', () => {
  const motion = createAdaptiveMotion(rule);
  walk(motion);
  motion.update({ ...rule, deltaThresh: 6 });
  expect(motion.judge(room(0.5), 8.3, false).moving).toBe(false);
  motion.reset();
  expect(motion.judge(room(), 8.6, false).moving).toBe(false);
  expect(motion.judge(room(0.5, 640, 480), 9, false).moving).toBe(false);
});

/** A wall with spots of several colours, and a person at a share of the width. */
function room(person?: number, width = 320, height = 240): Picture {
  const cv = openCv();
  const image = wall(width, height).copy();
  if (person !== undefined) {
    const left = person * 0.85 * width;
    const corner = (x: number, y: number) => new cv.Point2(Math.round(left + x * width), Math.round(y * height));
    image.drawRectangle(corner(0, 0.35), corner(0.14, 0.95), new cv.Vec3(30, 160, 220), -1);
    image.drawCircle(corner(0.07, 0.28), width / 20, new cv.Vec3(150, 170, 210), -1);
  }
  return bgrPicture(image);
}

const walls = new Map<string, Mat>();
function wall(width: number, height: number): Mat {
  const cv = openCv();
  const known = walls.get(`${width}x${height}`);
  if (known !== undefined) return known;
  const image = flatImage(width, height, [90, 90, 90]);
  for (let n = 0; n < 12; n++) {
    const at = new cv.Point2(((n * 97) % 100) * 0.01 * width, ((n * 61) % 100) * 0.01 * height);
    image.drawCircle(at, width / 16, new cv.Vec3(60 + n * 8, 80, 120 - n * 4), -1);
  }
  walls.set(`${width}x${height}`, image);
  return image;
}
