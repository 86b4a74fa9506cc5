import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compareBoxes } from '../../../bench/tutorial-boxes.js';
import { bgrPicture, type Picture } from '../../../src/adapters/opencv/picture.js';
import { createTutorialMotion } from '../../../src/adapters/opencv/tutorial-motion.js';
import { openCv } from '../../../src/adapters/opencv/binding.js';
import { flatImage } from '../../support/mat.js';

const samples = '/usr/share/doc/opencv-doc/examples/data';
const rule = { deltaThresh: 5, minArea: 5000, masks: [] };

test.skipIf(!existsSync(samples)).each([
  ['vtest.avi', 794],
  ['tree.avi', 67],
] as const)(
  'the same boxes as Python on every frame of %s',
  async (clip, frames) => {
    const compared = await compareBoxes(`${samples}/${clip}`, 500);
    expect(compared).toMatchObject({ frames, identical: frames });
    expect(compared.boxes).toBeGreaterThan(50);
  },
  180_000,
);

test('the first frame is calm, a thing that appears is a region around it', () => {
  const motion = createTutorialMotion(rule);
  expect(motion.judge(room(), 0, false)).toMatchObject({ moving: false, regions: [], ready: true });
  const seen = motion.judge(room(true), 0.1, false);
  expect(seen.moving).toBe(true);
  expect(seen.regions).toHaveLength(1);
  const [region] = seen.regions;
  // The thing stands from 40 to 60 % of the width, 25 to 75 % of the height; the blur makes it larger.
  expect(region!.x).toBeGreaterThan(0.35);
  expect(region!.x + region!.width).toBeLessThan(0.65);
  expect(region!.width).toBeGreaterThan(0.2);
  expect(seen.changed).toBeGreaterThan(0.1);
  motion.close();
});

test('neither a reset nor another size is motion', () => {
  const motion = createTutorialMotion(rule);
  motion.judge(room(), 0, false);
  motion.reset();
  expect(motion.judge(room(true), 0.1, false).moving).toBe(false);
  expect(motion.judge(room(false, 640, 360), 0.2, false).moving).toBe(false);
  motion.close();
});

test('what a mask covers is not seen, from the first frame and from an update', () => {
  const masks = [
    [
      [0.3, 0],
      [0.7, 0],
      [0.7, 1],
      [0.3, 1],
    ],
  ] as const;
  const masked = createTutorialMotion({ ...rule, masks });
  masked.judge(room(), 0, false);
  expect(masked.judge(room(true), 0.1, false)).toMatchObject({ moving: false, changed: 0 });
  masked.update(rule);
  expect(masked.judge(room(true), 0.2, false).moving).toBe(true);
  masked.update({ ...rule, masks });
  expect(masked.judge(room(true), 0.3, false).moving).toBe(false);
  masked.update({ ...rule, minArea: 200_000 });
  expect(masked.judge(room(true), 0.4, false).moving).toBe(false);
  masked.close();
});

function room(visitor = false, width = 640, height = 480): Picture {
  const image = flatImage(width, height, [90, 90, 90]);
  const cv = openCv();
  const corner = (x: number, y: number) => new cv.Point2(x * width, y * height);
  if (visitor) image.drawRectangle(corner(0.4, 0.25), corner(0.6, 0.75), new cv.Vec3(200, 200, 200), -1);
  return bgrPicture(image);
}
