import { readdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { snapshotReceipt, uploaderStatus, uploadResult } from '../../src/domain/contract/payloads.js';
import { runDetector } from '../../src/detector/detector.js';
import { loadConfig } from '../../src/runtime/config/config.js';
import { createLog } from '../../src/runtime/log.js';
import { openTcpProxy } from '../chaos/tcp-proxy.js';
import { bundle, folderInCheckout } from '../support/bundle.js';
import { openListener } from '../support/listener.js';
import { openMosquitto } from '../support/mosquitto.js';
import { startNode } from '../support/node-process.js';
import { testSecret } from '../support/receipt.js';
import { sampleClip, temporaryFolder } from '../support/roomwatch.js';
import { until } from '../support/until.js';

/** The broker looks for sessions that have ended every few seconds. */
const times = { sessionSeconds: 2, handOverSeconds: 8 };

/** Makes the function that starts an uploader with these times in a process of its own, which can be stopped. */
async function openUploaders() {
  const folder = await folderInCheckout();
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const program = await bundle('test/support/uploader-process.ts', folder, 'external');
  return (settings: Readonly<Record<string, string>>) =>
    startNode([program, JSON.stringify(times)], { env: { ...process.env, ...settings }, stdio: 'ignore' });
}

const settingsOf = (values: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`ROOMWATCH_${name}`, value]));

function startDetector(env: Readonly<Record<string, string>>): void {
  const stopping = new AbortController();
  const loaded = loadConfig({ file: undefined, env });
  if ('problems' in loaded) throw new Error(loaded.problems.join());
  const insight = { configuration: [], logLines: () => [] };
  const running = runDetector(loaded.config, createLog('silent', 'detector'), stopping.signal, insight, times);
  onTestFinished(async () => {
    stopping.abort();
    await running;
  });
}

test('the share of an uploader that hangs goes to the others of its group; when it wakes up, nothing is doubled or lost', async () => {
  const broker = await openMosquitto();
  onTestFinished(() => broker.close());
  const proxy = await openTcpProxy(broker.port, 'mqtt');
  onTestFinished(() => proxy.close());
  const listener = await openListener(broker.url, 'roomwatch/#');
  const home = await temporaryFolder();
  const archive = join(home, 'archive');
  const common = {
    ...{ DATA_DIR: join(home, 'data'), MQTT_URL: broker.url, HTTP_SIGNING_SECRET: testSecret, HTTP_PORT: '0' },
    ...{ UPLOADER_GROUP: 'all', ARCHIVE_FOLDER: archive, HOME_ASSISTANT_DISCOVERY: 'false', ROOM: 'kitchen' },
    ...{ CAMERA_SOURCE: sampleClip, CAMERA_LOOP: 'true', CAMERA_FPS: '4', CAMERA_WARMUP_SECONDS: '0' },
    ...{ MOTION_MIN_MOTION_FRAMES: '1000', SNAPSHOTS_MIN_UPLOAD_SECONDS: '0.2', RECOGNITION_ENABLED: 'false' },
  };
  // Another way to the same archive, which leads nowhere for now: this uploader keeps its share in its queue.
  const [link, target] = [join(home, 'link'), join(home, 'elsewhere')];
  await symlink(target, link);
  const start = await openUploaders();
  const own = { MQTT_URL: `mqtt://127.0.0.1:${proxy.port}`, UPLOADER_NAME: 'frozen', ARCHIVE_FOLDER: link };
  const frozen = start(settingsOf({ ...common, ...own }));
  start(settingsOf({ ...common, UPLOADER_NAME: 'awake' }));
  for (const name of ['frozen', 'awake'])
    await listener.until(({ topic, payload }) => topic.includes(`/${name}/`) && payload === 'online');
  startDetector(settingsOf(common));

  const announced = () =>
    new Set(
      listener.received
        .filter(({ topic }) => topic.endsWith('/snapshot'))
        .map(({ payload }) => snapshotReceipt.parse(JSON.parse(payload)).id),
    );
  const results = () =>
    listener.received
      .filter(({ topic }) => topic.endsWith('/upload'))
      .map(({ payload }) => uploadResult.parse(JSON.parse(payload)));
  const statusOfFrozen = () => {
    const said = listener.received.findLast(({ topic }) => topic === 'roomwatch/uploaders/frozen/status');
    return uploaderStatus.parse(JSON.parse(said?.payload ?? ''));
  };
  const takeUntil = (what: string, holds: () => boolean) =>
    until(what, 30, async () => {
      if (holds()) return true;
      await listener.client.publishAsync('roomwatch/kitchen/command', 'snapshot', { qos: 1 });
      return undefined;
    });
  const ended = () => new Set(results().map(({ snapshot }) => snapshot)).size;

  await takeUntil('the one that will hang holds three in its queue', () => statusOfFrozen().queued >= 3);
  frozen.kill('SIGSTOP');
  const before = announced().size;
  await takeUntil('it holds some that it has not read', () => announced().size >= before + 6);
  const held = announced().size - ended();
  expect(held).toBeGreaterThan(3);
  proxy.cut();
  await until('the other one has archived all', 40, () => Promise.resolve(ended() === announced().size));

  await symlink(archive, target);
  frozen.kill('SIGCONT');
  await until('the one that hung has worked through its queue', 60, () => {
    const { queued, uploaded } = statusOfFrozen();
    return Promise.resolve(queued === 0 && uploaded >= 3);
  });
  expect(results().filter(({ result }) => result !== 'uploaded')).toEqual([]);
  const names = (await readdir(archive, { recursive: true })).filter((name) => name.endsWith('.jpg'));
  expect(names).toHaveLength(announced().size);
  for (const id of announced()) expect(names.filter((name) => name.includes(id))).toHaveLength(1);
}, 120_000);
