import { expect, test } from 'vitest';
import { openCv } from '../../src/adapters/opencv-binding.js';
import { grayPicture } from '../../src/adapters/opencv-gray.js';
import { renderGray, renderPicture } from '../../src/adapters/opencv-live-view.js';
import { bgrPicture } from '../../src/adapters/opencv-picture.js';
import { createTutorialMotion } from '../../src/adapters/opencv-tutorial-motion.js';

const cv = openCv();
const plain = (width: number, height: number, value: number) =>
  bgrPicture(new cv.Mat(height, width, cv.CV_8UC3, [value, value, value]));

test('a large picture is shown no wider than 480 px, its regions framed in green', async () => {
  const picture = plain(1280, 960, 40);
  const jpeg = await renderPicture(picture, [{ x: 0.25, y: 0.25, width: 0.5, height: 0.5 }]);
  const shown = cv.imdecode(jpeg);
  expect([shown.cols, shown.rows]).toEqual([480, 360]);
  const [blue, green, red] = shown.atRaw(90, 240) as unknown as number[];
  expect(green).toBeGreaterThan(150);
  expect(blue).toBeLessThan(120);
  expect(red).toBeLessThan(120);
  expect((shown.atRaw(180, 240) as unknown as number[])[1]).toBeLessThan(60);
  expect((picture.bgr().atRaw(240, 320) as unknown as number[])[1]).toBe(40);
});

test('the picture may be released as soon as rendering has begun', async () => {
  const picture = plain(320, 240, 90);
  const rendering = renderPicture(picture, []);
  picture.release();
  const shown = cv.imdecode(await rendering);
  expect(Math.abs((shown.atRaw(100, 100) as unknown as number[])[0]! - 90)).toBeLessThan(4);
});

test('a small gray picture keeps its size, and comes back as one to be judged', async () => {
  const gray = { width: 160, height: 120, pixels: new Uint8Array(160 * 120).fill(77) };
  const shown = cv.imdecode(await renderGray(gray));
  expect([shown.cols, shown.rows]).toEqual([160, 120]);
  expect([...(grayPicture(gray).bgr().atRaw(5, 5) as unknown as number[])]).toEqual([77, 77, 77]);
});

test('the tutorial’s detector shows what it made of the last frame', () => {
  const motion = createTutorialMotion({ deltaThresh: 5, minArea: 500, masks: [] });
  const empty = plain(640, 480, 50);
  expect(motion.inspect('background', empty)).toBeUndefined();
  motion.judge(empty, 0, false);
  const busy = plain(640, 480, 50);
  busy.bgr().drawRectangle(new cv.Point2(0, 0), new cv.Point2(319, 479), new cv.Vec3(250, 250, 250), -1);
  motion.judge(busy, 0.1, false);
  const at = (what: 'gray' | 'background' | 'difference' | 'foreground', x: number) => {
    const view = motion.inspect(what, busy);
    return view?.pixels[Math.floor(view.height / 2) * view.width + Math.floor(view.width * x)];
  };
  expect([at('gray', 0.2), at('gray', 0.9)]).toEqual([250, 50]);
  expect([at('background', 0.2), at('background', 0.9)]).toEqual([150, 50]);
  expect([at('difference', 0.2), at('difference', 0.9)]).toEqual([255, 0]);
  expect([at('foreground', 0.2), at('foreground', 0.9)]).toEqual([255, 0]);
  motion.close();
});
