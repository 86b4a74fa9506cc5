import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { snapshotReceipt, uploadResult } from '../../src/domain/contract/payloads.js';
import { isSignedDocument } from '../../src/runtime/signed-receipt.js';
import { freePort } from '../support/free-port.js';
import { openListener } from '../support/listener.js';
import { openMosquitto } from '../support/mosquitto.js';
import { ending } from '../support/node-process.js';
import { makeResult, makeSignedResult, testSecret } from '../support/receipt.js';
import { sampleClip, startRoomwatch, temporaryFolder } from '../support/roomwatch.js';
import { until } from '../support/until.js';

test('a stranger’s upload results end nothing once an uploader has signed one, also after a restart', async () => {
  const broker = await openMosquitto();
  const data = await temporaryFolder();
  const port = await freePort();
  const settings = {
    ...{ ROOM: 'kitchen', DATA_DIR: data, ARCHIVE_FOLDER: join(data, 'archive'), MQTT_URL: broker.url },
    ...{ HTTP_PORT: String(port), HTTP_SIGNING_SECRET: testSecret, LOG_LEVEL: 'silent' },
    ...{ CAMERA_SOURCE: sampleClip, CAMERA_LOOP: 'true', CAMERA_FPS: '4', CAMERA_WARMUP_SECONDS: '0' },
    ...{ MOTION_MIN_MOTION_FRAMES: '1000', SNAPSHOTS_MIN_UPLOAD_SECONDS: '0.2' },
  };
  const listener = await openListener(broker.url, 'roomwatch/kitchen/#');
  const documents = (topic: string, from: number) =>
    listener.received
      .slice(from)
      .filter((message) => message.topic === `roomwatch/kitchen/${topic}`)
      .map(({ payload }) => JSON.parse(payload) as unknown);
  const announced = (from: number) => documents('snapshot', from).map((one) => snapshotReceipt.parse(one));
  const say = (topic: string, payload: string) =>
    listener.client.publishAsync(`roomwatch/kitchen/${topic}`, payload, { qos: 1 });
  const report = async (...results: readonly object[]) => {
    for (const result of results) await say('upload', JSON.stringify(result));
  };
  const ignored = (count: number) =>
    until(`${count} results are ignored`, 20, async () => {
      const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      return metrics.includes(`roomwatch_uploads_total{result="ignored",room="kitchen"} ${count}\n`);
    });

  const first = startRoomwatch(['detect'], settings);
  await until('four pictures are announced', 30, async () => {
    if (announced(0).length >= 4) return true;
    await say('command', 'snapshot');
    return undefined;
  });
  const [a, b, c, d] = announced(0);
  if (a === undefined || b === undefined || c === undefined || d === undefined) throw new Error('four receipts');
  const strange = [
    makeResult(c, { result: 'lost' }),
    makeResult(d, { result: 'rejected' }),
    makeResult(d),
    makeSignedResult(c, {}, 'another secret of thirty-two characters'),
    { ...makeSignedResult(b), snapshot: d.id },
  ];
  // As an uploader of an earlier version reports it, and as one of this version does.
  await report(makeResult(a), makeSignedResult(b), ...strange);
  await ignored(strange.length);
  const ended = ending(first);
  first.kill('SIGTERM');
  expect((await ended).status).toBe(0);

  // The broker keeps them for the detector.
  await report(...strange);
  const restart = listener.received.length;
  const uploaders = await openListener(broker.url, 'roomwatch/uploaders/+/availability');
  startRoomwatch(['upload'], settings);
  await uploaders.until(({ payload }) => payload === 'online');
  startRoomwatch(['detect'], settings);
  const reports = await until('what waited is archived', 30, () => {
    const results = documents('upload', restart).map((one) => uploadResult.parse(one));
    return Promise.resolve([c, d].every(({ id }) => results.some(({ snapshot }) => snapshot === id)) && results);
  });
  await ignored(strange.length);
  // A fifth one may have been requested.
  const again = announced(restart).map(({ id }) => id);
  expect(again).toEqual(expect.arrayContaining([c.id, d.id]));
  for (const { id } of [a, b]) expect(again).not.toContain(id);
  for (const one of reports) {
    expect(one.result).toBe('uploaded');
    expect(isSignedDocument(one, testSecret)).toBe(true);
  }
  const days = await readdir(join(data, 'archive/kitchen'), { recursive: true });
  for (const { id } of [c, d]) expect(days.filter((path) => path.includes(id))).toHaveLength(1);
}, 120_000);
