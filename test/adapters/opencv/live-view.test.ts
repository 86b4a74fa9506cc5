import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openFullOpenCv } from '../../../src/adapters/opencv/binding.js';
import { grayPicture } from '../../../src/adapters/opencv/gray.js';
import { renderPicture } from '../../../src/adapters/opencv/live-view.js';
import { bgrPicture, i420Picture, type Picture } from '../../../src/adapters/opencv/picture.js';
import { createTutorialMotion } from '../../../src/adapters/opencv/tutorial-motion.js';
import type { Region } from '../../../src/domain/motion/judgement.js';
import { pixel } from '../../support/mat.js';
import { firstPicture, testFilm, turnFilm } from '../../support/test-film.js';

const cv = openFullOpenCv();
const plain = (width: number, height: number, value: number) =>
  bgrPicture(new cv.Mat(height, width, cv.CV_8UC3, [value, value, value]));

const whole: Region = { x: 0.25, y: 0.25, width: 0.5, height: 0.5 };
const isGreen = ([blue, green, red]: number[]) => green! > 200 && blue! < 60 && red! < 60;

let dir = '';
beforeAll(() => void (dir = mkdtempSync(join(tmpdir(), 'roomwatch-'))));
afterAll(() => rmSync(dir, { recursive: true }));

/** How far the JPEG is from the picture in colour, made as small by OpenCV: mean gray levels of the worst channel. */
function apart(picture: Picture, jpeg: Buffer): number {
  const shown = cv.imdecode(jpeg, cv.IMREAD_COLOR);
  const small = picture.bgr().resize(shown.rows, shown.cols, 0, 0, cv.INTER_AREA);
  const { w, x, y } = shown.absdiff(small).mean();
  return Math.max(w, x, y);
}

const sizes = [
  ['small enough already', 480, 360, 480, 360],
  ['a third less', 600, 450, 400, 300],
  ['half', 640, 480, 320, 240],
  ['a third', 1280, 720, 426, 240],
  ['a quarter', 1920, 1080, 480, 270],
  ['a fifth', 2200, 400, 440, 80],
  ['odd', 333, 247, 333, 247],
  ['odd and a third less', 571, 431, 380, 286],
  ['odd and half', 643, 481, 321, 240],
] as const;
test.each(sizes)(
  'a picture is no wider than 480 px, no narrower than 320: %s',
  async (name, width, height, ...wanted) => {
    const source = `testsrc=size=${width}x${height}`;
    const picture = await firstPicture(
      testFilm(join(dir, `${name}.mkv`), source, '-pix_fmt', 'yuv444p', '-c:v', 'ffv1'),
    );
    const jpeg = await renderPicture(picture, []);
    const shown = cv.imdecode(jpeg);
    expect([shown.cols, shown.rows]).toEqual(wanted);
    expect(apart(picture, jpeg)).toBeLessThan(6);
    picture.release();
  },
);

const planar = /^yuvj?4[0-9]{2}p/;
const formats = [
  'yuv420p',
  'yuvj420p',
  'yuv422p',
  'yuvj422p',
  'yuv444p',
  'yuv440p',
  'nv12',
  'yuyv422',
  'gray',
  'yuv420p10le',
  'rgb24',
];
test.each(formats)('the colours are those of a snapshot: %s', async (format) => {
  const codec = format === 'rgb24' ? ['-c:v', 'png'] : planar.test(format) ? [] : ['-c:v', 'rawvideo'];
  const source = 'color=c=0xc04020:size=640x480';
  const film = testFilm(join(dir, `${format}.mkv`), source, '-pix_fmt', format, ...codec);
  const picture = await firstPicture(film);
  expect(apart(picture, await renderPicture(picture, []))).toBeLessThan(3);
  picture.release();
  for (const colour of ['black', 'white', '0x2040c0']) {
    const flat = await firstPicture(
      testFilm(join(dir, `${format}-${colour}.mkv`), `color=c=${colour}:size=322x242`, '-pix_fmt', format, ...codec),
    );
    expect(apart(flat, await renderPicture(flat, []))).toBeLessThan(3);
    flat.release();
  }
});

test('regions are framed in green, and the picture stays as it is', async () => {
  const pictures = [
    plain(640, 480, 40),
    plain(641, 481, 40),
    await firstPicture(testFilm(join(dir, 'flat.mkv'), 'color=c=0x282828:size=640x480', '-pix_fmt', 'yuv420p')),
    await firstPicture(
      testFilm(join(dir, 'gray.mkv'), 'color=c=0x282828:size=640x480', '-pix_fmt', 'gray', '-c:v', 'ffv1'),
    ),
    i420Picture(
      Buffer.alloc(704 * 480 * 1.5)
        .fill(50, 0, 704 * 480)
        .fill(128, 704 * 480),
      640,
      480,
      704,
    ),
  ];
  for (const picture of pictures) {
    const untouched = Buffer.from(picture.bgr().copy().getData());
    const shown = cv.imdecode(await renderPicture(picture, [whole, { x: 0.9, y: -0.1, width: 0.3, height: 0.05 }]));
    expect(isGreen(pixel(shown, 160, 61))).toBe(true);
    expect(isGreen(pixel(shown, 160, 178))).toBe(true);
    expect(isGreen(pixel(shown, 81, 120))).toBe(true);
    expect(isGreen(pixel(shown, 238, 120))).toBe(true);
    for (const [x, y] of [
      [160, 120],
      [160, 52],
      [160, 70],
      [70, 120],
      [40, 20],
      [310, 225],
    ] as const)
      for (const level of pixel(shown, x, y)) expect(Math.abs(level - 40)).toBeLessThan(12);
    expect(picture.bgr().copy().getData().equals(untouched)).toBe(true);
    picture.release();
  }
});

test('what was recognised is named above its box', async () => {
  const picture = plain(640, 480, 40);
  const [bare, named] = await Promise.all(
    [whole, { ...whole, label: 'dog', score: 0.61 }].map(async (one) =>
      cv.imdecode(await renderPicture(picture, [one])),
    ),
  );
  const brightest = (image: typeof bare) =>
    Math.max(...Array.from({ length: 60 }, (_, n) => Math.max(...pixel(image!, 82 + n, 53))));
  expect(brightest(bare)).toBeLessThan(60);
  expect(brightest(named)).toBeGreaterThan(120);
  picture.release();
});

test('a film of a phone held upright is turned, and its regions are where they belong', async () => {
  const lying = testFilm(join(dir, 'lying.mp4'), 'testsrc=size=1280x720', '-pix_fmt', 'yuv420p');
  const picture = await firstPicture(turnFilm(lying));
  const jpeg = await renderPicture(picture, []);
  expect([cv.imdecode(jpeg).cols, cv.imdecode(jpeg).rows]).toEqual([360, 640]);
  expect(apart(picture, jpeg)).toBeLessThan(6);
  const flat = testFilm(join(dir, 'lying-flat.mp4'), 'color=c=0x282828:size=1280x720', '-pix_fmt', 'yuv420p');
  const dark = await firstPicture(turnFilm(flat));
  const framed = cv.imdecode(await renderPicture(dark, [{ x: 0.25, y: 0.25, width: 0.5, height: 0.25 }]));
  for (const [x, y] of [
    [180, 161],
    [180, 318],
    [91, 240],
    [268, 240],
  ] as const)
    expect(isGreen(pixel(framed, x, y))).toBe(true);
  expect(isGreen(pixel(framed, 180, 479))).toBe(false);
  dark.release();
  picture.release();
  expect(() => renderPicture(picture, [])).toThrow('released');
});

test('a planar frame of rpicam-vid is shown with its colours, whatever its rows are padded with', async () => {
  const [width, height, stride] = [640, 480, 704];
  // Red: Y 81, U 90, V 240.
  const plane = (rows: number, visible: number, length: number, value: number) =>
    Buffer.concat(Array.from({ length: rows }, () => Buffer.alloc(length, 255).fill(value, 0, visible)));
  const chroma = (value: number) => plane(height / 2, width / 2, stride / 2, value);
  const picture = i420Picture(
    Buffer.concat([plane(height, width, stride, 81), chroma(90), chroma(240)]),
    width,
    height,
    stride,
  );
  expect(apart(picture, await renderPicture(picture, []))).toBeLessThan(3);
  picture.release();
});

test('a picture no larger than a stamp is shown in its own size', async () => {
  const picture = await firstPicture(testFilm(join(dir, 'stamp.mkv'), 'color=c=0xc04020:size=12x8', '-c:v', 'ffv1'));
  const jpeg = await renderPicture(picture, []);
  expect([cv.imdecode(jpeg).cols, cv.imdecode(jpeg).rows]).toEqual([12, 8]);
  expect(apart(picture, jpeg)).toBeLessThan(3);
  picture.release();
});

test('a small gray picture comes back as one to be judged', () => {
  const gray = { width: 160, height: 120, pixels: new Uint8Array(160 * 120).fill(77) };
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
