import { expect, test } from 'vitest';
import { openCv } from '../../../src/adapters/opencv/binding.js';
import { bgrPicture, i420Picture } from '../../../src/adapters/opencv/picture.js';
import { shrinkToGray } from '../../../src/adapters/opencv/shrink.js';
import { flatImage } from '../../support/mat.js';

test.each([
  [80, 60, 80, 60],
  [160, 120, 160, 120],
  [320, 240, 160, 120],
  [640, 480, 160, 120],
  [768, 576, 153, 115],
  [719, 405, 179, 101],
  [1920, 1080, 160, 90],
])('%d x %d becomes %d x %d', (width, height, smallWidth, smallHeight) => {
  const image = flatImage(width, height, [0, 0, 255]);
  const shrunk = shrinkToGray(bgrPicture(image));
  expect([shrunk.gray.width, shrunk.gray.height]).toEqual([smallWidth, smallHeight]);
  expect(shrunk.gray.pixels).toHaveLength(smallWidth * smallHeight);
  // Red is 76 of 255 gray (BT.601).
  expect(new Set(shrunk.gray.pixels)).toEqual(new Set([76]));
  expect(shrunk.seenWidth).toBeGreaterThan(0.99);
  expect(shrunk.seenWidth).toBeLessThanOrEqual(1);
});

test.each([320, 768])('a pixel is the mean of those it stands for, at %d px width', (width) => {
  const image = flatImage(width, width / 2, [0, 0, 0]);
  const cv = openCv();
  // A white left half, within the part that is seen.
  const { gray } = shrinkToGray(bgrPicture(image));
  const factor = Math.floor(width / gray.width);
  const edge = factor * 20 + 1;
  image.drawRectangle(new cv.Point2(0, 0), new cv.Point2(edge - 1, width), new cv.Vec3(255, 255, 255), -1);
  const row = shrinkToGray(bgrPicture(image)).gray.pixels.subarray(0, 24);
  expect([...row.subarray(0, 20)]).toEqual(Array.from({ length: 20 }, () => 255));
  expect(Math.abs(row[20]! - 255 / factor)).toBeLessThan(1.5);
  expect(row[21]).toBe(0);
});

test('pixels that are needed no more are written over where they are as many, luma or colours', () => {
  const black = bgrPicture(flatImage(640, 480, [0, 0, 0]));
  const { pixels } = shrinkToGray(black).gray;
  expect(shrinkToGray(bgrPicture(flatImage(640, 480, [255, 255, 255])), pixels).gray.pixels).toBe(pixels);
  expect(new Set(pixels)).toEqual(new Set([255]));
  const luma = i420Picture(Buffer.alloc(320 * 360, 99), 320, 240, 320);
  expect(shrinkToGray(luma, pixels).gray.pixels).toBe(pixels);
  expect(new Set(pixels)).toEqual(new Set([97]));
  const other = shrinkToGray(bgrPicture(flatImage(768, 576, [0, 0, 0])), pixels).gray.pixels;
  expect(other).toHaveLength(153 * 115);
  expect(new Set(pixels)).toEqual(new Set([97]));
});

test('a luma plane is stretched to all of 0 to 255, padding left out', () => {
  const [width, height, stride] = [320, 240, 384];
  const bytes = Buffer.alloc((stride * height * 3) / 2, 255);
  for (let y = 0; y < height; y++) bytes.fill(99, y * stride, y * stride + width);
  const { gray } = shrinkToGray(i420Picture(bytes, width, height, stride));
  expect([gray.width, gray.height, new Set(gray.pixels)]).toEqual([160, 120, new Set([97])]);
  const small = shrinkToGray(i420Picture(bytes, 160, height, stride));
  expect([small.gray.width, small.gray.height, new Set(small.gray.pixels)]).toEqual([160, 240, new Set([97])]);
});
