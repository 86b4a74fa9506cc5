import { afterEach, expect, test } from 'vitest';
import { openOpencvCamera } from '../../../src/adapters/opencv/camera.js';
import type { Picture } from '../../../src/adapters/opencv/picture.js';
import { openSnapshotSource, type SnapshotSourceTrouble } from '../../../src/adapters/opencv/snapshot-source.js';
import { pause } from '../../../src/async/pause.js';
import { wallSeconds } from '../../../src/async/clock.js';
import { clockOf, startClockCamera } from '../../support/camera-servers.js';
import { startHttpCamera, testJpegs } from '../../support/http-camera.js';
import { startRefusingCamera } from '../../support/refusing-camera.js';
import { until } from '../../support/until.js';

const closing: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of closing.splice(0).reverse()) await one.close();
});
function later<Closable extends { close(): unknown }>(one: Closable): Closable {
  closing.push(one);
  return one;
}

function openSource(source: string, stallSeconds = 5) {
  const troubles: (SnapshotSourceTrouble | undefined)[] = [];
  const stop = new AbortController();
  const opened = openSnapshotSource(
    { source, stallSeconds, transport: 'auto' },
    (one) => troubles.push(one),
    stop.signal,
  );
  later({ close: () => (stop.abort(), opened.ended) });
  /** Asks until there is a picture. */
  const firstPicture = async () => {
    for (;;) {
      const picture = await opened.pictureAt(wallSeconds());
      if (picture !== undefined) return picture;
      await pause(0.1, stop.signal);
    }
  };
  return { ...opened, troubles, firstPicture };
}

/** The time that a picture of a clock camera shows. */
function clockIn(picture: Picture, near: number): number {
  const image = picture.bgr();
  const blue = (x: number, y: number) =>
    (image.at(Math.floor(y * image.rows), Math.floor(x * image.cols)) as unknown as { x: number }).x;
  return clockOf(blue, near);
}

test('two RTSP streams: the fine picture is of the moment of the small one; without the fine stream there is none', async () => {
  const [sub, main] = await Promise.all([startClockCamera(240, 136, 10), startClockCamera(960, 544, 15)]);
  later(sub);
  later(main);
  const { pictureAt, troubles, firstPicture } = openSource(`rtsp://127.0.0.1:${main.port}/cam`, 2);
  (await firstPicture()).release();
  const stop = new AbortController();
  const options = {
    source: `rtsp://127.0.0.1:${sub.port}/cam`,
    resolution: [640, 480],
    fps: 10,
    stallSeconds: 5,
  } as const;
  const offsets: number[] = [];
  let frames = 0;
  for await (const event of openOpencvCamera(
    { ...options, transport: 'auto', pace: 'realtime', loop: false },
    stop.signal,
  )) {
    // The first frames were buffered while the stream was opened; a room warms up meanwhile.
    if (event.kind !== 'frame' || frames++ < 20 || frames % 5 !== 0) continue;
    const coarse = clockIn(event.image, event.at);
    const fine = await pictureAt(event.at);
    if (frames > 100 || offsets.length === 8) stop.abort();
    if (fine === undefined) continue;
    expect([fine.width, fine.height]).toEqual([960, 544]);
    offsets.push(Math.abs(clockIn(fine, event.at) - coarse));
    fine.release();
  }
  expect(offsets.length).toBeGreaterThan(4);
  expect(offsets.filter((offset) => offset > 0.3)).toEqual([]);

  await main.close();
  const closedAt = wallSeconds();
  // Asked this often, one always waits for its picture when the stream is lost.
  const asked: Promise<Picture | undefined>[] = [];
  await until('the main stream is lost', 20, () => {
    asked.push(pictureAt(wallSeconds()));
    return Promise.resolve(troubles.at(-1)?.kind === 'lost');
  });
  expect(wallSeconds() - closedAt).toBeGreaterThan(1.5);
  for (const picture of await Promise.all(asked)) picture?.release();
  expect(troubles.at(-1)?.kind).toBe('lost');
  expect(await pictureAt(wallSeconds())).toBeUndefined();
  expect(troubles.at(-1)?.why).toContain(`127.0.0.1:${main.port}`);
  later(await startClockCamera(960, 544, 15, main.port));
  (await firstPicture()).release();
  expect(troubles.at(-1)).toBeUndefined();
}, 60_000);

test('MJPEG: the newest pictures are kept', async () => {
  const jpegs = testJpegs(10);
  const camera = later(
    await startHttpCamera((_request, response) => {
      response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=frame' });
      let n = 0;
      const timer = setInterval(() => {
        response.write('--frame\r\nContent-Type: image/jpeg\r\n\r\n');
        response.write(jpegs[n++ % jpegs.length]);
      }, 100);
      response.on('close', () => clearInterval(timer));
    }),
  );
  const { firstPicture } = openSource(camera.url.href);
  const picture = await firstPicture();
  expect([picture.width, picture.height]).toEqual([320, 240]);
  picture.release();
  expect(camera.requests).toHaveLength(1);
});

test('a still picture is fetched when it is wanted, and one that comes too late is not taken', async () => {
  const [jpeg] = testJpegs(1);
  let delayMs = 0;
  const camera = later(
    await startHttpCamera((_request, response) => {
      response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': jpeg!.length });
      setTimeout(() => response.end(jpeg), delayMs);
    }),
  );
  const { pictureAt, firstPicture, troubles } = openSource(camera.url.href, 20);
  (await firstPicture()).release();
  const before = camera.requests.length;
  (await pictureAt(wallSeconds()))!.release();
  expect(camera.requests.length).toBe(before + 1);
  delayMs = 3000;
  // Farther from the picture before than a picture may be from its moment.
  await pause(0.4, new AbortController().signal);
  expect(await pictureAt(wallSeconds())).toBeUndefined();
  expect(troubles.at(-1)).toMatchObject({ kind: 'late' });
}, 20_000);

test('refused credentials are told, without them', async () => {
  const camera = later(await startRefusingCamera('401 Unauthorized'));
  const { troubles, pictureAt } = openSource(`rtsp://cam:hunter2hunter2@127.0.0.1:${camera.port}/s1`);
  await until('there is trouble', 20, () => Promise.resolve(troubles.length > 0));
  expect(troubles).toMatchObject([{ kind: 'lost' }]);
  expect(troubles[0]?.why).toContain('the next attempt is in minutes');
  expect(troubles[0]?.why).not.toContain('hunter2');
  expect(await pictureAt(wallSeconds())).toBeUndefined();
});
