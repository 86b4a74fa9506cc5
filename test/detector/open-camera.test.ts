import { getEventListeners } from 'node:events';
import { chmod, copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import type { Picture } from '../../src/adapters/opencv/picture.js';
import { cameraEvents, openCamera } from '../../src/detector/open-camera.js';
import { configOf } from '../support/config-file.js';
import { pixel } from '../support/mat.js';
import { testFilm } from '../support/test-film.js';
import type { CameraEvent } from '../../src/domain/camera/camera-event.js';

async function* endedClip(): AsyncGenerator<CameraEvent<Picture>> {
  yield await Promise.resolve({ kind: 'opened', at: 0, width: 4, height: 3 } as const);
}

/** The result of `work`, or `too late` after a second. */
const inTime = (work: Promise<unknown>) =>
  Promise.race([work, new Promise((resolve) => setTimeout(resolve, 1000, 'too late'))]);

test('after the end of a clip the room has no camera until the detector stops', async () => {
  const stop = new AbortController();
  const events = cameraEvents(endedClip(), stop.signal);
  expect((await events.next()).value).toMatchObject({ kind: 'opened' });
  expect((await events.next()).value).toMatchObject({ kind: 'lost', why: 'the clip has ended' });
  const next = events.next();
  await new Promise(setImmediate);
  stop.abort();
  expect(await inTime(next)).toMatchObject({ done: true });
  expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
});

test('a stop that comes while the last event is handled ends the events too', async () => {
  const stop = new AbortController();
  const events = cameraEvents(endedClip(), stop.signal);
  await events.next();
  await events.next();
  stop.abort();
  expect(await inTime(events.next())).toMatchObject({ done: true });
});

let dir = '';
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(dir, { recursive: true, force: true });
});

/** Size and a pixel of the first frame; the pixel is given as shares of width and height. */
async function firstFrame(camera: object, [x, y]: readonly [number, number]) {
  const config = configOf(JSON.stringify({ camera: { resolution: [320, 240], ...camera } }));
  const stop = new AbortController();
  let seen: unknown[] = [];
  for await (const event of openCamera(config.camera, stop.signal)) {
    if (event.kind === 'opened') seen = [event.width, event.height];
    if (event.kind !== 'frame') continue;
    const { width, height } = event.image;
    const [blue, green, red] = pixel(event.image.bgr(), Math.floor(x * width), Math.floor(y * height));
    seen.push(width, height, Math.max(blue!, green!, red!) > 200 ? 'bright' : 'dark');
    stop.abort();
  }
  return seen;
}

test.each([
  [90, [240, 320, 240, 320, 'bright'], [0.95, 0.5]],
  [180, [320, 240, 320, 240, 'bright'], [0.5, 0.95]],
  [270, [240, 320, 240, 320, 'bright'], [0.05, 0.5]],
] as const)('a file that is turned by %d degrees', async (rotation, seen, place) => {
  dir = await mkdtemp(join(tmpdir(), 'roomwatch-'));
  const source = testFilm(join(dir, 'a.mp4'), 'color=black:size=320x240', '-vf', 'drawbox=0:0:320:40:white:fill');
  expect(await firstFrame({ source, rotation }, place)).toEqual(seen);
});

test("a Raspberry Pi's camera is turned, too", async () => {
  dir = await mkdtemp(join(tmpdir(), 'roomwatch-'));
  await copyFile('test/support/fake-rpicam-vid.mjs', join(dir, 'rpicam-vid'));
  await chmod(join(dir, 'rpicam-vid'), 0o755);
  vi.stubEnv('PATH', `${dir}:${process.env['PATH']}`);
  // The white square begins at the upper left.
  const camera = { source: 'rpicam', rotation: 90, rpicam_options: ['--camera', '1'] };
  expect(await firstFrame(camera, [1 - 30 / 240, 20 / 320])).toEqual([240, 320, 240, 320, 'bright']);
});
