import { readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { snapshotReceipt, type UploadResult, uploadResult } from '../../src/domain/contract/payloads.js';
import { openTcpProxy } from '../chaos/tcp-proxy.js';
import { freePort } from '../support/free-port.js';
import { openListener } from '../support/listener.js';
import { openMosquitto } from '../support/mosquitto.js';
import { ending } from '../support/node-process.js';
import { sampleClip, startRoomwatch, temporaryFolder } from '../support/roomwatch.js';
import { until } from '../support/until.js';

const daySeconds = 24 * 3600;
const clockModule = join(import.meta.dirname, '../chaos/clock.mjs');

/** A broker that keeps the receipts of an uploader that is away, and a detector with a clock of its own. */
async function openScene() {
  const broker = await openMosquitto();
  onTestFinished(() => broker.close());
  const listener = await openListener(broker.url, 'roomwatch/#');
  const data = await temporaryFolder();
  const clock = join(data, 'clock');
  const settings: Record<string, string> = {
    ...{
      ROOM: 'kitchen',
      DATA_DIR: data,
      MQTT_URL: broker.url,
      HTTP_SIGNING_SECRET: 'a secret of thirty-two characters',
    },
    ...{ HTTP_PORT: String(await freePort()), ARCHIVE_FOLDER: join(data, 'archive'), LOG_LEVEL: 'silent' },
    ...{ CAMERA_SOURCE: sampleClip, CAMERA_LOOP: 'true', CAMERA_FPS: '4', CAMERA_WARMUP_SECONDS: '0' },
    ...{ MOTION_MIN_MOTION_FRAMES: '1000' },
  };
  const receipts = () =>
    new Map(
      listener.received
        .filter(({ topic }) => topic.endsWith('/snapshot'))
        .map(({ payload }) => snapshotReceipt.parse(JSON.parse(payload)))
        .map((receipt) => [receipt.id, receipt]),
    );
  const results = (): readonly UploadResult[] =>
    listener.received
      .filter(({ topic }) => topic.endsWith('/upload'))
      .map(({ payload }) => uploadResult.parse(JSON.parse(payload)));
  const start = (command: string, change: Readonly<Record<string, string>>) => {
    const process = startRoomwatch([command], { ...settings, ...change });
    process.stderr?.resume();
    process.stdout?.resume();
    return {
      async stop() {
        const ended = ending(process);
        process.kill('SIGTERM');
        expect((await ended).status).toBe(0);
      },
    };
  };
  return {
    ...{ data, receipts, results, start, settings, broker },
    setClock: (seconds: number) => writeFile(clock, String(seconds)),
    async online(topic: string) {
      const from = listener.received.length;
      await until(`${topic} is online`, 20, () =>
        Promise.resolve(
          listener.received.slice(from).some((one) => one.topic.startsWith(topic) && one.payload === 'online'),
        ),
      );
    },
    async takeSnapshots(count: number) {
      await until('snapshots are announced', 30, async () => {
        if (receipts().size >= count) return true;
        await listener.client.publishAsync('roomwatch/kitchen/command', 'snapshot', { qos: 1 });
        return undefined;
      });
    },
    shiftedClock: { NODE_OPTIONS: `--import=${clockModule}`, CHAOS_CLOCK: clock },
  };
}

type Change = {
  readonly detector?: Readonly<Record<string, string>>;
  readonly both?: Readonly<Record<string, string>>;
  /** of the detector's clock while it takes the pictures, then while the uploader is there */
  readonly clock?: readonly [number, number];
  readonly restarts?: boolean;
};
const changes: readonly (readonly [string, Change])[] = [
  ['a changed http.public_url', { detector: { HTTP_PUBLIC_URL: 'http://localhost:PORT' } }],
  ['a changed http.port', { detector: { HTTP_PORT: 'PORT' } }],
  ['a changed http.signing_secret', { both: { HTTP_SIGNING_SECRET: 'another secret of thirty-two characters' } }],
  [
    'a clock that was behind by two weeks, set while the detector runs',
    { clock: [-14 * daySeconds, 0], restarts: false },
  ],
  ['a clock that was ahead by two weeks', { clock: [14 * daySeconds, 0] }],
  ['an uploader that was away for eight days', { clock: [0, 8 * daySeconds], restarts: false }],
];
test.each(changes)(
  '%s loses none of the pictures that wait',
  async (_, { detector = {}, both = {}, clock, restarts = true }) => {
    const scene = await openScene();
    const { settings, receipts, results, start } = scene;
    // It subscribes, so that the broker keeps the receipts with the URLs of now.
    const before = start('upload', {});
    await scene.online('roomwatch/uploaders');
    await before.stop();
    await scene.setClock(clock?.[0] ?? 0);
    const extra = clock === undefined ? {} : scene.shiftedClock;
    const first = inheriting(extra, () => start('detect', {}));
    await scene.takeSnapshots(3);
    if (restarts) await first.stop();
    await scene.setClock(clock?.[1] ?? 0);
    const port = detector['HTTP_PORT'] === undefined ? settings['HTTP_PORT']! : String(await freePort());
    const change = Object.fromEntries(
      Object.entries(detector).map(([name, value]) => [name, value.replace('PORT', port)]),
    );
    start('upload', both);
    // A while without the detector, so that the uploader sees what no longer works.
    await scene.online('roomwatch/uploaders');
    if (restarts) inheriting(extra, () => start('detect', { ...change, ...both }));
    const ids = [...receipts().keys()].slice(0, 3);
    await until('the pictures have ended', 45, () =>
      Promise.resolve(ids.every((id) => results().some(({ snapshot }) => snapshot === id))),
    );
    expect(results().filter(({ result }) => result !== 'uploaded')).toEqual([]);
  },
  120_000,
);

/** Starts a process that inherits these variables, which are not Roomwatch's own. */
function inheriting<T>(variables: Readonly<Record<string, string>>, start: () => T): T {
  Object.assign(process.env, variables);
  try {
    return start();
  } finally {
    for (const name of Object.keys(variables)) delete process.env[name];
  }
}

test('a picture whose file lost its end is lost, and says so; the others are archived', async () => {
  const scene = await openScene();
  const uploader = scene.start('upload', {});
  await scene.online('roomwatch/uploaders');
  await uploader.stop();
  const detector = scene.start('detect', {});
  await scene.takeSnapshots(3);
  const [damaged = '', ...others] = [...scene.receipts().keys()];
  await truncate(join(scene.data, 'rooms/kitchen/snapshots', `${damaged}.jpg`), 100);
  scene.start('upload', {});
  const resultOf = (id: string) => scene.results().find(({ snapshot }) => snapshot === id)?.result;
  await until('all have ended', 45, () =>
    Promise.resolve([damaged, ...others].every((id) => resultOf(id) !== undefined)),
  );
  expect(resultOf(damaged)).toBe('lost');
  expect(others.map(resultOf)).toEqual(others.map(() => 'uploaded'));
  await detector.stop();
}, 120_000);

test('what an uploader loses of its damaged queue is announced to it again when it comes back', async () => {
  const scene = await openScene();
  const proxy = await openTcpProxy(Number(scene.settings['HTTP_PORT']), 'http');
  onTestFinished(() => proxy.close());
  // No picture can be downloaded yet.
  proxy.spoilNext('reset', Infinity);
  const before = scene.start('upload', {});
  await scene.online('roomwatch/uploaders');
  const detector = scene.start('detect', { HTTP_PUBLIC_URL: `http://127.0.0.1:${proxy.port}` });
  await scene.takeSnapshots(3);
  const folder = join(scene.data, 'uploaders/uploader');
  const ids = [...scene.receipts().keys()].slice(0, 3);
  await until('the receipts are in the queue', 20, async () => {
    const queue = await readFile(join(folder, 'queue'), 'utf8');
    return ids.every((id) => queue.includes(id));
  });
  await before.stop();
  const { size } = await stat(join(folder, 'queue'));
  await writeFile(join(folder, 'queue'), Buffer.alloc(size));
  await rm(join(folder, 'ended'));
  proxy.spoilNext('reset', 0);
  scene.start('upload', {});
  await until('all are archived', 60, () =>
    Promise.resolve(ids.every((id) => scene.results().some(({ snapshot }) => snapshot === id))),
  );
  expect(scene.results().filter(({ result }) => result !== 'uploaded')).toEqual([]);
  await detector.stop();
}, 120_000);

test('pictures of a renamed room are delivered under its old name; then nothing of the old name is left', async () => {
  const scene = await openScene();
  const before = scene.start('detect', {});
  await scene.takeSnapshots(3);
  await before.stop();
  const rooms = join(scene.data, 'rooms');
  await writeFile(join(rooms, 'kitchen/settings.json'), '{"vacancy_seconds":77}');
  const kept = await openListener(scene.broker.url, '#');
  expect(await retained(kept)).toContain('homeassistant/device/roomwatch_kitchen/config');
  const zone = 'roomwatch/kitchen/zones/desk';
  await kept.client.publishAsync(zone, '{}', { qos: 1, retain: true });

  const renamed = scene.start('detect', { ROOM: 'lounge' });
  await scene.online('roomwatch/lounge');
  expect(await readdir(rooms)).toEqual(['lounge']);
  scene.start('upload', {});
  const ended = () => scene.results().filter(({ room }) => room === 'kitchen');
  const waiting = [...scene.receipts().values()].filter(({ room }) => room === 'kitchen').map(({ id }) => id);
  await until('the pictures are archived', 45, () =>
    Promise.resolve(waiting.every((id) => ended().some(({ snapshot }) => snapshot === id))),
  );
  expect(ended().filter(({ result }) => result !== 'uploaded')).toEqual([]);
  expect(await readdir(join(scene.data, 'archive'))).toContain('kitchen');
  const topics = async () => retained(await openListener(scene.broker.url, '#'));
  await until(
    'the old topics are cleared',
    45,
    async () => !(await topics()).some((topic) => topic.includes('kitchen')),
  );
  expect(await topics()).toEqual(
    expect.arrayContaining(['roomwatch/lounge/availability', 'homeassistant/device/roomwatch_lounge/config']),
  );
  await until('the old name is forgotten', 20, async () =>
    (await readFile(join(rooms, 'lounge/room.json'), 'utf8')).includes('"former":[]'),
  );
  expect(await readFile(join(rooms, 'lounge/settings.json'), 'utf8')).toContain('77');
  await renamed.stop();
}, 120_000);

/** The topics that hold a retained message. */
async function retained({ client, received }: Awaited<ReturnType<typeof openListener>>): Promise<string[]> {
  // The answer to a later request comes after the retained messages.
  await client.subscribeAsync('nothing', { qos: 1 });
  return received.filter(({ retain, payload }) => retain && payload !== '').map(({ topic }) => topic);
}
