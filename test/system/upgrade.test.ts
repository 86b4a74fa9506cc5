import { cp, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { uploadResult } from '../../src/domain/contract/payloads.js';
import { freePort } from '../support/free-port.js';
import { openListener } from '../support/listener.js';
import { openMosquitto } from '../support/mosquitto.js';
import { ending, startNode } from '../support/node-process.js';
import { cli, sampleClip, temporaryFolder } from '../support/roomwatch.js';
import { until } from '../support/until.js';

/** Written by version 0.1: one picture is archived, two are in the uploader's queue, one more is in the outbox. */
const written = join(import.meta.dirname, '../support/version-0.1');
const archived = '01a217f6-2b4d-7786-a91f-83b31f2e9682';

/** By their ids; none is there twice. */
async function pictures(folder: string): Promise<ReadonlyMap<string, Buffer>> {
  const paths = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith('.jpg'));
  const read = async (path: string) =>
    [basename(path, '.jpg').replace(/^.*Z-/, ''), await readFile(join(folder, path))] as const;
  const found = new Map(await Promise.all(paths.map(read)));
  expect(found.size).toBe(paths.length);
  return found;
}

test('what version 0.1 left is taken over: its configuration, settings and masks, and each waiting picture once', async () => {
  const home = await temporaryFolder();
  await cp(join(written, 'my-room.yaml'), join(home, 'my-room.yaml'));
  await cp(join(written, 'kept'), join(home, 'data'), { recursive: true });
  await mkdir(join(home, 'assets'));
  await symlink(sampleClip, join(home, 'assets', 'sample.mp4'));
  const broker = await openMosquitto();
  onTestFinished(() => broker.close());
  const listener = await openListener(broker.url, 'roomwatch/#');
  const env = {
    ...process.env,
    ...{ ROOMWATCH_MQTT_URL: broker.url, ROOMWATCH_HTTP_PORT: String(await freePort()) },
    // Later pictures would only be in the way.
    ...{ ROOMWATCH_MOTION_MIN_MOTION_FRAMES: '1000', ROOMWATCH_RECOGNITION_ENABLED: 'false' },
  };
  const program = startNode([cli, 'start', '--conf', join(home, 'my-room.yaml')], { env });
  const end = ending(program);

  const waiting = await pictures(join(written, 'kept', 'rooms'));
  expect(waiting.size).toBe(4);
  const results = () =>
    listener.received
      .filter(({ topic }) => topic === 'roomwatch/kitchen/upload')
      .map(({ payload }) => uploadResult.parse(JSON.parse(payload)));
  const unreported = () => {
    const reported = new Set([archived, ...results().map(({ snapshot }) => snapshot)]);
    return [...waiting.keys()].filter((id) => !reported.has(id));
  };
  // A receipt that is published twice is reported twice.
  await until('every waiting picture is reported', 30, () => Promise.resolve(unreported().length === 0));
  await until('the settings are published', 30, () =>
    Promise.resolve(listener.received.some(({ topic }) => topic === 'roomwatch/kitchen/settings')),
  );
  program.kill('SIGTERM');
  expect((await end).status).toBe(0);

  expect(await pictures(join(home, 'data', 'archive'))).toEqual(waiting);
  expect(results().map(({ snapshot, result }) => [snapshot, result])).toEqual(
    expect.arrayContaining([...waiting.keys()].filter((id) => id !== archived).map((id) => [id, 'uploaded'])),
  );
  const settings = listener.received.findLast(({ topic }) => topic === 'roomwatch/kitchen/settings');
  expect(JSON.parse(settings?.payload ?? '')).toMatchObject({ delta_thresh: 6, min_area: 6500, vacancy_seconds: 7 });
  const masks = await readFile(join(home, 'data', 'rooms', 'kitchen', 'masks.json'), 'utf8');
  expect(JSON.parse(masks)).toEqual({
    masks: [
      [
        [0, 0],
        [0.08, 0],
        [0.08, 0.2],
      ],
    ],
  });
});
