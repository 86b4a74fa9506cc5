import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { Aedes } from 'aedes';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { type MqttClient, openMqtt } from '../../../src/adapters/mqtt/client.js';
import type { MqttOptions } from '../../../src/adapters/mqtt/options.js';
import type { Log } from '../../../src/domain/log.js';
import { openListener } from '../../support/listener.js';
import { type Mosquitto, openMosquitto } from '../../support/mosquitto.js';
import { until } from '../../support/until.js';

let broker: Mosquitto;
beforeEach(async () => void (broker = await openMosquitto()));
afterEach(() => broker.close());

type Line = { readonly level: string; readonly words: string };

function open(extra: Partial<MqttOptions> = {}): { mqtt: MqttClient; lines: Line[] } {
  const lines: Line[] = [];
  const say = (level: string) => (_: object, words: string) => void lines.push({ level, words });
  const log: Log = { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') };
  const credentials = { username: undefined, password: undefined, ca: undefined, cert: undefined, key: undefined };
  const names = {
    clientId: 'base/kitchen',
    availabilityTopic: 'base/kitchen/availability',
    processName: 'detector for kitchen',
  };
  const mqtt = openMqtt({ url: broker.url, protocol: 5, ...credentials, ...names, ...extra }, log);
  mqtt.connect();
  onTestFinished(() => mqtt.close());
  return { mqtt, lines };
}

const connected = (mqtt: MqttClient) => until('connected', 10, () => Promise.resolve(mqtt.connected));

test('retains availability and the newest state, and publishes them again to a broker that has lost them', async () => {
  const { mqtt } = open();
  mqtt.publishState('base/kitchen/room-status', 'old');
  mqtt.publishState('base/kitchen/room-status', 'new');
  const first = await openListener(broker.url, 'base/#');
  await first.until(({ topic, payload }) => topic === 'base/kitchen/availability' && payload === 'online');
  await broker.restart('forgetting');
  const second = await openListener(broker.url, 'base/#');
  await second.until(({ topic, payload }) => topic === 'base/kitchen/availability' && payload === 'online');
  const third = await openListener(broker.url, 'base/+/room-status');
  expect(await third.until(() => true)).toMatchObject({ payload: 'new', retain: true });
  expect(mqtt.reconnects).toBe(1);
});

test('retains a state that changed while the broker was away', async () => {
  const { mqtt } = open();
  mqtt.publishState('base/kitchen/room-status', 'occupied');
  await connected(mqtt);
  await Promise.all([
    broker.restart('remembering'),
    until('cut', 5, () => Promise.resolve(!mqtt.connected)).then(() =>
      mqtt.publishState('base/kitchen/room-status', 'unoccupied'),
    ),
  ]);
  const listener = await openListener(broker.url, 'base/#');
  await listener.until(({ topic, payload }) => topic === 'base/kitchen/availability' && payload === 'online');
  const late = await openListener(broker.url, 'base/+/room-status');
  expect((await late.until(() => true)).payload).toBe('unoccupied');
});

test('delivers an event after a short interruption, not after a long one, and does not retain it', async () => {
  const listener = await openListener(broker.url, 'base/kitchen/motion');
  const { mqtt } = open();
  mqtt.publishEvent('base/kitchen/motion', 'too late', 0);
  mqtt.publishEvent('base/kitchen/motion', 'in time');
  mqtt.publishEvent('base/kitchen/motion', 'after it');
  await listener.until(({ payload }) => payload === 'after it');
  expect(listener.received.map(({ payload, retain }) => [payload, retain])).toEqual([
    ['in time', false],
    ['after it', false],
  ]);
});

test('has removed a retained message, once, when clear resolves', async () => {
  const listener = await openListener(broker.url, 'base/old/config', { clean: false, clientId: 'home' });
  await listener.client.publishAsync('base/old/config', 'old', { qos: 1, retain: true });
  const { mqtt } = open();
  const cleared = mqtt.clear('base/old/config');
  await cleared;
  const late = await openListener(broker.url, 'base/#');
  await mqtt.deliver('base/end', 'end');
  await late.until(({ topic }) => topic === 'base/end');
  expect(late.received.map(({ topic }) => topic)).not.toContain('base/old/config');
  await listener.until(({ payload }) => payload === '');
  expect(listener.received.map(({ payload }) => payload)).toEqual(['old', '']);
});

test('delivers a thousand messages in order, within the limit of the broker, across its restart', async () => {
  // In MQTT 5 a session without an expiry interval ends with its connection (§3.1.2.11.2), and the queue with it.
  const properties = { sessionExpiryInterval: 60 };
  const options = { clean: false, clientId: 'consumer', properties };
  const listener = await openListener(broker.url, 'base/kitchen/snapshot', options);
  const { mqtt } = open();
  const deliveries = Array.from({ length: 1000 }, (_, n) => mqtt.deliver('base/kitchen/snapshot', String(n)));
  await deliveries[100];
  await broker.restart('remembering');
  await Promise.all(deliveries);
  await listener.until(({ payload }) => payload === '999');
  const firsts = [...new Set(listener.received.map(({ payload }) => Number(payload)))];
  expect(firsts).toEqual(Array.from({ length: 1000 }, (_, n) => n));
});

test('does not acknowledge an unhandled message: it comes again after a restart', async () => {
  const first = open({ clientId: 'base/uploaders/one' });
  const stuck: string[] = [];
  first.mqtt.subscribe('base/+/snapshot', ({ payload }) => {
    stuck.push(payload.toString());
    return payload.toString() === 'safe' ? Promise.resolve() : new Promise(() => undefined);
  });
  const speaker = await openListener(broker.url, 'nothing');
  await connected(first.mqtt);
  await speaker.client.publishAsync('base/kitchen/snapshot', 'safe', { qos: 1 });
  for (const text of ['a', 'b']) await speaker.client.publishAsync('base/kitchen/snapshot', text, { qos: 1 });
  await until('three came', 5, () => Promise.resolve(stuck.length === 3));
  // A handler that hangs does not delay our own messages.
  await first.mqtt.deliver('base/kitchen/upload', 'x');
  await first.mqtt.close();

  const again: string[] = [];
  const second = open({ clientId: 'base/uploaders/one' });
  second.mqtt.subscribe('base/+/snapshot', ({ payload }) => {
    again.push(payload.toString());
    return Promise.resolve();
  });
  await until('the rest came again', 5, () => Promise.resolve(again.length === 2));
  expect(again).toEqual(['a', 'b']);
});

test('calls a handler again that rejected', async () => {
  const { mqtt, lines } = open();
  let tries = 0;
  mqtt.subscribe('base/kitchen/command', () => {
    tries += 1;
    return tries < 2 ? Promise.reject(new Error('disk full')) : Promise.resolve();
  });
  await connected(mqtt);
  const speaker = await openListener(broker.url, 'nothing');
  await speaker.client.publishAsync('base/kitchen/command', 'announce', { qos: 1 });
  await until('called again', 5, () => Promise.resolve(tries === 2));
  expect(lines.filter(({ level }) => level === 'error')).toHaveLength(1);
});

test('of two processes with one client id, one ends with a clear message and the other stays online', async () => {
  const duplicates = [open(), open()] as const;
  const ends = duplicates.map(({ mqtt }) => mqtt.failed.catch((why: unknown) => ({ mqtt, why })));
  const gone = await Promise.race(ends);
  expect(String(gone.why)).toMatch(/another detector for kitchen .*stop one of the two/);
  const stays = duplicates[gone.mqtt === duplicates[0].mqtt ? 1 : 0].mqtt;
  await connected(stays);
  await stays.deliver('base/kitchen/snapshot', 'x');
  const listener = await openListener(broker.url, 'base/kitchen/availability');
  expect((await listener.until(() => true)).payload).toBe('online');
});

test('leaves out a picture larger than the broker accepts, and retains a smaller one', async () => {
  await broker.close();
  broker = await openMosquitto(['max_packet_size 5000']);
  const { mqtt } = open();
  await connected(mqtt);
  mqtt.publishPicture('base-image/kitchen', Buffer.alloc(6000));
  mqtt.publishPicture('base-image/kitchen', Buffer.alloc(4000, 1));
  mqtt.publishPicture('base-image/kitchen', Buffer.alloc(7000));
  await mqtt.deliver('base/kitchen/snapshot', 'x');
  const listener = await openListener(broker.url, 'base-image/#');
  expect((await listener.until(() => true)).payload).toHaveLength(4000);
  expect(mqtt.reconnects).toBe(0);
});

test('stops sending a large picture after which a broker of MQTT 3.1.1 always closes the connection', async () => {
  const server = createServer();
  const aedes = await Aedes.createBroker({ maxClientsIdLength: 100 });
  server.on('connection', (socket) => {
    socket.on('data', (bytes) => bytes.length > 30_000 && socket.end());
    aedes.handle(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    aedes.close();
    server.close();
  });
  const { mqtt, lines } = open({
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    protocol: '3.1.1',
  });
  await connected(mqtt);
  mqtt.publishPicture('base-image/kitchen', Buffer.alloc(60_000));
  await until('it gives up', 20, () => Promise.resolve(lines.some(({ words }) => words.includes('leaving them out'))));
  await connected(mqtt);
  await mqtt.deliver('base/kitchen/snapshot', 'x');
}, 30_000);

test('publishes offline itself at a clean end', async () => {
  const listener = await openListener(broker.url, 'base/kitchen/availability');
  const { mqtt } = open();
  await listener.until(({ payload }) => payload === 'online');
  await mqtt.close();
  await listener.until(({ payload }) => payload === 'offline');
  await expect(mqtt.deliver('a', 'b')).rejects.toThrow(/closed/);
});

test('reports trouble in words, once, and closes without waiting for the broker', async () => {
  await broker.close();
  const { mqtt, lines } = open();
  await until('tried', 5, () => Promise.resolve(lines.length > 0));
  expect(mqtt.trouble).toMatch(/nothing listens at mqtt.url/);
  const begun = performance.now();
  await mqtt.close();
  expect(performance.now() - begun).toBeLessThan(500);
  expect(lines).toHaveLength(1);
});

test('names wrong credentials and an unsupported version of MQTT', async () => {
  await broker.close();
  broker = await openMosquitto();
  const aedes = await Aedes.createBroker({
    authenticate: (_client, _user, _password, done) => done(Object.assign(new Error('no'), { returnCode: 4 }), false),
  });
  const server = createServer((socket) => aedes.handle(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    aedes.close();
    server.close();
  });
  const url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const wrong = open({ url, protocol: '3.1.1', username: 'me', password: 'wrong' });
  await until('refused', 5, () => Promise.resolve(wrong.mqtt.trouble?.includes('refuses mqtt.username')));
  const version = open({ url });
  await until('refused', 5, () => Promise.resolve(version.mqtt.trouble?.includes('set mqtt.protocol to 3.1.1')));
});
