import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { videoAddon } from '../../../src/adapters/libav/addon.js';
import { openVideo } from '../../../src/adapters/libav/video.js';
import { testFilm } from '../../support/test-film.js';

let dir = '';
beforeAll(() => void (dir = mkdtempSync(join(tmpdir(), 'roomwatch-'))));
afterAll(() => rmSync(dir, { recursive: true }));

const jpeg = (name: string, size: string) =>
  testFilm(join(dir, name), `testsrc=size=${size}`, '-frames:v', '1', '-pix_fmt', 'yuvj420p');
const tooLarge = 'the picture is too large (41040 x 16): at most 16384 pixels a side and 16 million in all';

test('a picture of 41,040 px width is refused, at the start', async () => {
  await expect(openVideo(jpeg('wide.jpg', '41040x16'), {})).rejects.toThrow(tooLarge);
});

test('a picture of 41,040 px width is refused in mid-stream', async () => {
  const film = testFilm(join(dir, 'stream.mjpeg'), 'testsrc=size=320x240', '-pix_fmt', 'yuvj420p');
  appendFileSync(film, readFileSync(jpeg('wider.jpg', '41040x16')));
  const video = await openVideo(film, {});
  for (let n = 0; n < 10; n++) expect(await video.grab()).toBe(true);
  await expect(video.grab()).rejects.toThrow(tooLarge);
  video.close();
});

test('the size may change in mid-stream, as the pictures say', async () => {
  const film = testFilm(join(dir, 'two.mjpeg'), 'testsrc=size=320x240', '-pix_fmt', 'yuvj420p');
  const other = testFilm(join(dir, 'other.mjpeg'), 'testsrc=size=178x146', '-pix_fmt', 'yuvj420p');
  appendFileSync(film, readFileSync(other));
  const video = await openVideo(film, {});
  const sizes: string[] = [];
  while (await video.grab()) {
    const frame = video.take();
    frame.bgr(new Uint8Array(frame.bgrStride * frame.height));
    expect(frame.luma()).toHaveLength(frame.stride * (frame.height - 1) + frame.width);
    sizes.push(`${frame.width}x${frame.height}`);
    frame.release();
  }
  expect(sizes).toEqual([...Array<string>(10).fill('320x240'), ...Array<string>(10).fill('178x146')]);
  video.close();
});

test('after its release a frame gives nothing, and what it gave is empty', async () => {
  const video = await openVideo(testFilm(join(dir, 'plain.mp4'), 'testsrc=size=320x240', '-pix_fmt', 'yuv420p'), {});
  await video.grab();
  const frame = video.take();
  const luma = frame.luma()!;
  expect(frame.luma()).toBe(luma);
  frame.release();
  frame.release();
  expect(luma).toHaveLength(0);
  expect(() => frame.luma()).toThrow('released');
  video.close();
  expect(() => video.take()).toThrow('no frame');
});

test('a buffer of another size is refused, not written past', async () => {
  const video = await openVideo(join(dir, 'plain.mp4'), {});
  await video.grab();
  const frame = video.take();
  expect(() => frame.bgr(new Uint8Array(frame.bgrStride * frame.height - 1))).toThrow('too small');
  const { blockMeans, encodeJpeg } = videoAddon();
  const luma = new Uint8Array(320 * 240);
  expect(() => blockMeans(luma, 320, 241, 320, 2, false, new Uint8Array(160 * 120))).toThrow('does not hold');
  expect(() => blockMeans(luma, 320, 240, 320, 2, false, new Uint8Array(160 * 119))).toThrow('expected a factor');
  expect(() => blockMeans(luma, 320, 240, 319, 2, false, new Uint8Array(160 * 120))).toThrow('does not hold');
  expect(() => encodeJpeg(luma, 320, 240, 960, false)).toThrow('does not hold');
  const { stride } = frame;
  const view = frame.luma()!;
  frame.release();
  expect(() => blockMeans(view, 320, 240, stride, 2, false, new Uint8Array(160 * 120))).toThrow('does not hold');
  video.close();
});
