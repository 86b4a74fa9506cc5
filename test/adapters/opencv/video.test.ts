import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { videoAddon } from '../../../src/adapters/libav/addon.js';
import { openCv, type Mat } from '../../../src/adapters/opencv/binding.js';
import type { Picture } from '../../../src/adapters/opencv/picture.js';
import { openVideo } from '../../../src/adapters/opencv/video.js';
import { testFilm, turnFilm } from '../../support/test-film.js';

let dir = '';
beforeAll(() => void (dir = mkdtempSync(join(tmpdir(), 'roomwatch-'))));
afterAll(() => rmSync(dir, { recursive: true }));

/** A test picture that moves. */
const film = (name: string, size: string, ...options: string[]) =>
  testFilm(join(dir, name), `testsrc=size=${size}`, ...options);

async function first(path: string) {
  const video = await openVideo(path, {});
  expect(await video.grab()).toBe(true);
  return { video, picture: video.take() };
}

function grayOf(bgr: Mat): Buffer {
  const copy = bgr.copy();
  const gray = copy.cvtColor(openCv().COLOR_BGR2GRAY);
  const data = gray.getData();
  for (const mat of [copy, gray]) mat.release();
  return data;
}

/** The luma plane without padding, from 0 to 255. */
function lumaOf(picture: Picture): Buffer {
  const { bytes, stride, fullRange } = picture.luma()!;
  const { width, height } = picture;
  const luma = Buffer.alloc(width * height);
  videoAddon().blockMeans(bytes, width, height, stride, 1, !fullRange, luma);
  return luma;
}

const kinds = [
  ['video range', ['-pix_fmt', 'yuv420p']],
  ['full range', ['-pix_fmt', 'yuvj420p']],
  ['chroma of full size', ['-pix_fmt', 'yuv444p']],
] as const;
test.each(kinds)('luma is the gray of the colours, %s and an odd width', async (name, options) => {
  const { video, picture } = await first(film(`${name}.mkv`, '330x246', '-vf', 'hue=s=0', ...options));
  expect([picture.width, picture.height, picture.bgr().cols, picture.bgr().rows]).toEqual([330, 246, 330, 246]);
  const gray = grayOf(picture.bgr());
  const luma = lumaOf(picture);
  const worst = gray.reduce((most, value, n) => Math.max(most, Math.abs(value - luma[n]!)), 0);
  expect(worst).toBeLessThanOrEqual(2);
  picture.release();
  video.close();
});

test('what has no luma of eight bits has its colours', async () => {
  const path = film('deep.mkv', '320x240', '-pix_fmt', 'yuv420p10le', '-c:v', 'ffv1');
  const { video, picture } = await first(path);
  expect(picture.luma()).toBeUndefined();
  expect(new Set(grayOf(picture.bgr())).size).toBeGreaterThan(5);
  picture.release();
  video.close();
});

test('a picture outlives the next grab and the end of the video', async () => {
  const { video, picture } = await first(film('plain.mp4', '320x240', '-pix_fmt', 'yuv420p'));
  const before = Buffer.from(lumaOf(picture));
  let frames = 1;
  while (await video.grab()) {
    frames++;
    video.take().release();
  }
  expect(frames).toBe(10);
  video.close();
  expect(lumaOf(picture).equals(before)).toBe(true);
  picture.release();
  expect(() => picture.bgr()).toThrow('released');
});

test('a phone held upright: the film is turned', async () => {
  const path = turnFilm(film('lying.mp4', '320x240', '-pix_fmt', 'yuv420p'));
  const { video, picture } = await first(path);
  expect([video.width, video.height, picture.width, picture.height]).toEqual([240, 320, 240, 320]);
  expect([picture.bgr().cols, picture.bgr().rows, picture.luma()?.turns]).toEqual([240, 320, 1]);
  picture.release();
  video.close();
});

test('closing ends a grab that waits for the network, and so does the time', async () => {
  const clip = film('stream.ts', '320x240', '-pix_fmt', 'yuv420p');
  // Sends the clip, and then nothing more.
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: video/mp2t\r\n\r\n');
      socket.write(readFileSync(clip));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  for (const timeoutSeconds of [30, 1]) {
    const video = await openVideo(`http://127.0.0.1:${port}/`, { timeoutSeconds, libav: 'analyzeduration;100000' });
    let grabbing = video.grab();
    while (await Promise.race([grabbing, new Promise<boolean>((late) => setTimeout(late, 300, false))])) {
      video.take().release();
      grabbing = video.grab();
    }
    if (timeoutSeconds === 30) video.close();
    expect(await grabbing).toBe(false);
    video.close();
  }
  server.close();
});
