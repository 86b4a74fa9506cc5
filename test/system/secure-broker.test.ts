import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openMqtt } from '../../src/adapters/mqtt/client.js';
import { uploadResult } from '../../src/domain/contract/payloads.js';
import { openShelf } from '../support/detector-shelf.js';
import { freePort } from '../support/free-port.js';
import { openListener } from '../support/listener.js';
import { makeReceipt, testSecret } from '../support/receipt.js';
import { sampleClip, startRoomwatch, temporaryFolder } from '../support/roomwatch.js';
import { openSecureMosquitto } from '../support/secure-mosquitto.js';
import { until } from '../support/until.js';

test('with TLS, passwords and the documented access rules all works, and nobody gets further than his rules', async () => {
  const broker = await openSecureMosquitto();
  const data = await temporaryFolder();
  const said: string[] = [];
  const start = async (command: string, user: string, more: Record<string, string>) => {
    const process = startRoomwatch([command], {
      MQTT_URL: broker.url,
      MQTT_USERNAME: user,
      MQTT_PASSWORD: broker.password(user),
      MQTT_CA: broker.file('ca.crt'),
      MQTT_CERT: broker.file('client.crt'),
      MQTT_KEY: broker.file('client.key'),
      DATA_DIR: join(data, user),
      HTTP_SIGNING_SECRET: testSecret,
      LOG_LEVEL: 'trace',
      ...more,
    });
    process.stderr?.on('data', (text) => said.push(String(text)));
    expect(readFileSync(`/proc/${process.pid}/cmdline`, 'utf8')).not.toContain('password-of');
    await Promise.resolve();
  };
  const listen = (user: string, filter: string) =>
    openListener(broker.url, filter, {
      username: user,
      password: broker.password(user),
      ca: readFileSync(broker.file('ca.crt')),
      cert: readFileSync(broker.file('client.crt')),
      key: readFileSync(broker.file('client.key')),
    });
  const shelf = await openShelf();
  const home = await listen('homeassistant', 'roomwatch/#');
  await start('upload', 'uploader', { ARCHIVE_FOLDER: join(data, 'archive') });
  await home.until(
    ({ topic, payload }) => topic === 'roomwatch/uploaders/uploader/availability' && payload === 'online',
  );
  await start('detect', 'detector-kitchen', {
    ROOM: 'kitchen',
    CAMERA_SOURCE: sampleClip,
    CAMERA_LOOP: 'true',
    HTTP_PORT: String(await freePort()),
  });
  await home.until(({ topic, payload }) => topic === 'roomwatch/kitchen/room-status' && payload.includes('unoccupied'));
  await home.client.publishAsync('roomwatch/kitchen/command', 'snapshot', { qos: 1 });
  const upload = await home.until(({ topic }) => topic === 'roomwatch/kitchen/upload');
  expect(uploadResult.parse(JSON.parse(upload.payload))).toMatchObject({ result: 'uploaded' });

  // A consumer: its own room, no other, and not a word that a process would follow.
  const display = await listen('kitchen-display', 'roomwatch/#');
  await display.until(({ topic }) => topic === 'roomwatch/kitchen/room-status');
  expect(display.received.filter(({ topic }) => !topic.startsWith('roomwatch/kitchen/'))).toEqual([]);
  const forged = JSON.stringify(shelf.offer(Buffer.from('mine')));
  for (const [user, topic, payload] of [
    [display, 'roomwatch/kitchen/snapshot', forged],
    [display, 'roomwatch/kitchen/command', 'snapshot'],
    [display, 'roomwatch/kitchen/settings/set', '{"armed":false}'],
    [home, 'roomwatch/kitchen/snapshot', forged],
  ] as const)
    await expect(user.client.publishAsync(topic, payload, { qos: 1 })).rejects.toThrow(/Not authorized/);
  const hall = makeReceipt(Buffer.from('x'), shelf.origin, { room: 'hall' });
  const detector = await listen('detector-kitchen', 'roomwatch/hall/#');
  const elsewhere = detector.client.publishAsync('roomwatch/hall/snapshot', JSON.stringify(hall), { qos: 1 });
  await expect(elsewhere).rejects.toThrow(/Not authorized/);
  expect(shelf.asked).toEqual([]);

  // Neither passwords, nor signatures, nor the secret, in all that was logged.
  const log = said.join('');
  expect(log.length).toBeGreaterThan(100);
  for (const secret of ['password-of', testSecret]) expect(log).not.toContain(secret);
  expect(log).not.toMatch(/signature=[0-9a-f]{64}/);
}, 90_000);

const wrong = [
  ['an authority we do not trust', { ca: 'other-ca.crt' }, /broker's certificate is not trusted/],
  ['no certificate of our own', { cert: undefined, key: undefined }, /./],
  ['a wrong password', { password: 'wrong' }, /refuses/],
] as const;
test('wrong certificates and passwords are told, and nothing is let through', async () => {
  const broker = await openSecureMosquitto();
  for (const [, change, trouble] of wrong) {
    const files = { ca: 'ca.crt', cert: 'client.crt', key: 'client.key', ...change };
    const path = (name: string | undefined) => (name === undefined ? undefined : broker.file(name));
    const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
    const mqtt = openMqtt(
      {
        ...{ url: broker.url, protocol: 5, username: 'uploader', password: broker.password('uploader'), ...change },
        ...{ ca: path(files.ca), cert: path(files.cert), key: path(files.key) },
        ...{ clientId: 'roomwatch/uploaders/uploader', availabilityTopic: 'a', processName: 'uploader' },
      },
      silent,
    );
    mqtt.connect();
    await until(String(trouble), 10, () => {
      return Promise.resolve(mqtt.trouble !== 'not yet connected to the broker' && trouble.test(mqtt.trouble ?? ''));
    });
    expect(mqtt.connected).toBe(false);
    await mqtt.close();
  }
});
