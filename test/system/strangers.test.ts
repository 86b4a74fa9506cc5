import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openShelf } from '../support/detector-shelf.js';
import { freePort } from '../support/free-port.js';
import { openListener } from '../support/listener.js';
import { openMosquitto } from '../support/mosquitto.js';
import { testSecret } from '../support/receipt.js';
import { sampleClip, startRoomwatch, temporaryFolder } from '../support/roomwatch.js';
import { createStranger } from '../support/stranger.js';
import { until } from '../support/until.js';

// STRANGERS=10 sends 100,000 messages and 20,000 requests.
const scale = Number(process.env['STRANGERS'] ?? 1);
const counts = { messages: 10_000 * scale, requests: 2_000 * scale };

const rssOf = (pid: number) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

test('messages and requests of strangers cause no crash, no growth, no request and no foreign file', async () => {
  const broker = await openMosquitto();
  const data = await temporaryFolder();
  const shelf = await openShelf();
  const port = await freePort();
  const shared = { MQTT_URL: broker.url, HTTP_SIGNING_SECRET: testSecret, LOG_LEVEL: 'error' };
  const start = (command: string, more: Record<string, string>) => {
    const process = startRoomwatch([command], { ...shared, ...more });
    process.stderr?.resume();
    return process;
  };
  const listener = await openListener(broker.url, 'roomwatch/#');
  const uploader = start('upload', { DATA_DIR: join(data, 'up'), ARCHIVE_FOLDER: join(data, 'archive') });
  const detector = start('detect', {
    ...{ DATA_DIR: join(data, 'det'), ROOM: 'kitchen', HTTP_PORT: String(port) },
    ...{ CAMERA_SOURCE: sampleClip, CAMERA_LOOP: 'true', CAMERA_FPS: '2' },
  });
  await listener.until(({ topic, payload }) => topic.endsWith('/room-status') && payload.includes('unoccupied'));
  await listener.client.publishAsync('roomwatch/kitchen/command', 'snapshot', { qos: 1 });
  const first = await listener.until(
    ({ topic, payload }) => topic.endsWith('/upload') && payload.includes('"uploaded"'),
  );
  const { snapshot } = JSON.parse(first.payload) as { snapshot: string };
  await listener.client.unsubscribeAsync('roomwatch/#');

  const seed = Number(process.env['SEED'] ?? 5);
  const stranger = createStranger(seed, shelf.origin);
  const speaker = listener.client;
  const speak = async (many: number) => {
    for (let sent = 0; sent < many; sent += 50) {
      const batch = Array.from({ length: 50 }, () => stranger.message());
      await Promise.all(batch.map(({ topic, payload }) => speaker.publishAsync(topic, payload, { qos: 1 })));
    }
  };
  const ask = (request: Buffer) =>
    new Promise<void>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.setTimeout(300, () => socket.destroy());
      socket.on('error', () => undefined);
      socket.on('data', () => socket.destroy());
      socket.on('close', () => resolve());
      socket.end(request);
    });
  const request = async (many: number) => {
    for (let sent = 0; sent < many; sent += 20)
      await Promise.all(Array.from({ length: 20 }, () => ask(stranger.request(snapshot))));
  };
  // The first third fills caches and lets heaps grow to their usual size.
  await speak(counts.messages / 3);
  await request(counts.requests / 3);
  const before = [uploader, detector].map(({ pid }) => rssOf(pid!));
  await speak((counts.messages * 2) / 3);
  await request((counts.requests * 2) / 3);
  const after = [uploader, detector].map(({ pid }) => rssOf(pid!));

  expect([uploader.exitCode, detector.exitCode]).toEqual([null, null]);
  for (const [n, megabytes] of after.entries()) expect(megabytes - before[n]!).toBeLessThan(60);
  expect(shelf.asked).toEqual([]);
  const archived = existsSync(join(data, 'archive')) ? readdirSync(join(data, 'archive')) : [];
  expect(archived.filter((name) => !name.startsWith('.incoming'))).toEqual(['kitchen']);
  expect(readdirSync(data).toSorted()).toEqual(['archive', 'det', 'up']);

  // Both still work.
  const health = await (await fetch(`http://127.0.0.1:${port}/healthz`)).json();
  expect(health).toBeDefined();
  const again = await openListener(broker.url, 'roomwatch/kitchen/upload');
  const uploads = () => again.received.filter(({ payload }) => payload.includes('"uploaded"')).length;
  await until('a picture is archived', 30, async () => {
    await again.client.publishAsync('roomwatch/kitchen/command', 'snapshot', { qos: 1 });
    return uploads() > 0;
  });
}, 600_000);
