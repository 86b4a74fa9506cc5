import { expect, test } from 'vitest';
import { bgrPicture, i420Picture } from '../../../src/adapters/opencv/picture.js';
import { flatImage, pixel } from '../../support/mat.js';

test('a decoded frame is its own colour picture', () => {
  const mat = flatImage(8, 6, [1, 2, 3]);
  const picture = bgrPicture(mat);
  expect([picture.width, picture.height, picture.luma()]).toEqual([8, 6, undefined]);
  expect(picture.bgr()).toBe(mat);
  picture.release();
  expect(mat.rows).toBe(0);
});

test.each([16, 64])('a planar frame has its luma plane, and its colours by BT.601: rows of %d bytes', (stride) => {
  const [width, height] = [16, 8];
  const plane = (rows: number, visible: number, length: number, value: number) =>
    Buffer.concat(Array.from({ length: rows }, () => Buffer.alloc(length).fill(value, 0, visible)));
  // Red: Y 81, U 90, V 240.
  const chroma = (value: number) => plane(height / 2, width / 2, stride / 2, value);
  const bytes = Buffer.concat([plane(height, width, stride, 81), chroma(90), chroma(240)]);
  const picture = i420Picture(bytes, width, height, stride);
  expect(picture.luma()).toEqual({ bytes, stride, fullRange: false, turns: 0 });
  expect([picture.bgr().cols, picture.bgr().rows]).toEqual([16, 8]);
  const [blue, green, red] = pixel(picture.bgr(), 15, 7);
  expect(red).toBeGreaterThan(250);
  expect(Math.max(blue!, green!)).toBeLessThan(5);
  expect(picture.bgr()).toBe(picture.bgr());
  picture.release();
});
