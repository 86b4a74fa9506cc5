import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { Aedes, type AedesOptions } from 'aedes';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import type { MqttClient } from '../../../src/adapters/mqtt/client.js';
import type { MqttOptions } from '../../../src/adapters/mqtt/options.js';
import { openTcpProxy } from '../../chaos/tcp-proxy.js';
import { openListener } from '../../support/listener.js';
import { type Mosquitto, openMosquitto } from '../../support/mosquitto.js';
import { openTestClient } from '../../support/mqtt-client.js';
import { until } from '../../support/until.js';

let broker: Mosquitto;
beforeEach(async () => void (broker = await openMosquitto()));
afterEach(() => broker.close());

const open = (extra: Partial<MqttOptions> = {}) => openTestClient({ url: broker.url, ...extra });
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

test('removes a state, also while the broker is away, unless it is published again', async () => {
  const { mqtt } = open();
  mqtt.publishState('base/kitchen/zones/desk', 'occupied');
  mqtt.publishState('base/kitchen/zones/bed', 'occupied');
  await connected(mqtt);
  const removed: string[] = [];
  await Promise.all([
    broker.restart('remembering'),
    until('cut', 5, () => Promise.resolve(!mqtt.connected)).then(() => {
      mqtt.removeState('base/kitchen/zones/desk', () => removed.push('desk'));
      mqtt.removeState('base/kitchen/zones/bed', () => removed.push('bed'));
      mqtt.publishState('base/kitchen/zones/bed', 'unoccupied');
    }),
  ]);
  await until('removed', 10, () => Promise.resolve(removed.length > 0));
  const late = await openListener(broker.url, 'base/+/zones/+');
  expect(await late.until(() => true)).toMatchObject({ topic: 'base/kitchen/zones/bed', payload: 'unoccupied' });
  expect(removed).toEqual(['desk']);
});

test('a new state does not wait for answers about states that were asked for again and again', async () => {
  const proxy = await openTcpProxy(broker.port, 'mqtt');
  onTestFinished(() => proxy.close());
  const { mqtt } = open({ url: `mqtt://127.0.0.1:${proxy.port}` });
  await mqtt.deliver('base/kitchen/snapshot', 'the broker answers');
  const listener = await openListener(broker.url, 'base/#');
  proxy.swallowPubacks(1000);
  mqtt.publishState('base/kitchen/settings', 'x');
  for (let n = 0; n < 100; n += 1) mqtt.republishStates();
  mqtt.publishState('base/kitchen/room-status', 'new');
  // Were it behind the others, it would come only after a new connection, and these first.
  await listener.until(({ topic }) => topic === 'base/kitchen/room-status');
  expect(listener.received.filter(({ topic }) => topic === 'base/kitchen/settings')).toHaveLength(1);
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

/** A picture whose smaller copies are as large as allowed. */
const picture = (bytes: number, fill = 0) => ({
  jpeg: Buffer.alloc(bytes, fill),
  smaller: (maxBytes: number) => Promise.resolve(Buffer.alloc(maxBytes, fill)),
});
const retainedPicture = async () => (await (await openListener(broker.url, 'base-image/#')).until(() => true)).payload;

test('retains a smaller copy of a picture that the broker does not take, and says so once', async () => {
  await broker.close();
  broker = await openMosquitto(['max_packet_size 5000']);
  const { mqtt, lines } = open();
  await connected(mqtt);
  mqtt.publishPicture('base-image/kitchen', picture(4000, 65));
  mqtt.publishPicture('base-image/kitchen', picture(6000, 66));
  mqtt.publishPicture('base-image/kitchen', picture(7000, 67));
  await until('the newest', 5, async () => (await retainedPicture()).startsWith('C'));
  expect((await retainedPicture()).length).toBeGreaterThan(4900);
  expect(mqtt.reconnects).toBe(0);
  expect(lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
});

test('retains no picture rather than an old one, if there is no copy so small', async () => {
  await broker.close();
  broker = await openMosquitto(['max_packet_size 5000']);
  const { mqtt } = open();
  await connected(mqtt);
  mqtt.publishPicture('base-image/kitchen', picture(4000));
  await retainedPicture();
  mqtt.publishPicture('base-image/kitchen', { ...picture(6000), smaller: () => Promise.resolve(undefined) });
  const retained = async () => {
    const late = await openListener(broker.url, 'base-image/#');
    await late.client.subscribeAsync('nothing');
    return late.received.length;
  };
  await until('nothing is retained', 5, async () => (await retained()) === 0);
});

test('restarts of the broker change nothing about the newest picture', async () => {
  const { mqtt } = open();
  mqtt.publishPicture('base-image/kitchen', picture(400_000, 65));
  const published = () =>
    until('published', 20, async () => mqtt.connected && (await retainedPicture()).length === 400_000);
  // Three connections that end after a picture were once taken for a sign that the broker accepts none of its size.
  for (let restarts = 1; restarts <= 3; restarts += 1) {
    await published();
    await broker.restart('forgetting');
  }
  await published();
  mqtt.publishPicture('base-image/kitchen', picture(500_000, 66));
  await until('the next one', 5, async () => (await retainedPicture()).length === 500_000);
}, 60_000);

/** A broker of MQTT 3.1.1 with rules of its own; it ends the connection on a message that gives it an error. */
async function openBroker(rules: Partial<AedesOptions>) {
  const aedes = await Aedes.createBroker({ maxClientsIdLength: 100, ...rules });
  const server = createServer((socket) => aedes.handle(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    aedes.close();
    server.close();
  });
  return { aedes, url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

test('finds a size at which a broker of MQTT 3.1.1 does not close the connection', async () => {
  const { url } = await openBroker({
    authorizePublish: (_client, { payload }, done) => done(payload.length > 30_000 ? new Error('too large') : null),
  });
  const { mqtt } = open({ url, protocol: '3.1.1' });
  await connected(mqtt);
  mqtt.publishPicture('base-image/kitchen', picture(60_000));
  const listener = await openListener(url, 'base-image/#', { protocolVersion: 4 });
  expect((await listener.until(() => true)).payload).toHaveLength(30_000);
  await mqtt.deliver('base/kitchen/snapshot', 'x');
}, 30_000);

test('a broker of MQTT 3.1.1 that closes the connection on a forbidden topic is no duplicate, and gets the rest', async () => {
  const { url } = await openBroker({
    authorizePublish: (_client, { topic }, done) => done(topic.includes('door') ? new Error('forbidden') : null),
  });
  const { mqtt, lines } = open({ url, protocol: '3.1.1' });
  mqtt.publishState('base/kitchen/zones/door', 'occupied');
  mqtt.publishState('base/kitchen/room-status', 'occupied');
  const listener = await openListener(url, 'base/#', { protocolVersion: 4 });
  await listener.until(({ topic }) => topic === 'base/kitchen/room-status');
  await mqtt.deliver('base/kitchen/snapshot', 'x');
  expect(mqtt.trouble).toMatch(/refuses base\/kitchen\/zones\/door/);
  expect(lines.map(({ words }) => words).join()).toContain('without an answer about base/kitchen/zones/door');
}, 30_000);

test('asks again for a subscription that is refused, and is fine when it is granted', async () => {
  let refused = 0;
  const { url, aedes } = await openBroker({
    authorizeSubscribe(_client, subscription, done) {
      const refuse = subscription.topic === 'base/kitchen/command' && refused === 0;
      if (refuse) refused += 1;
      done(null, refuse ? null : subscription);
    },
  });
  const { mqtt, lines } = open({ url, protocol: '3.1.1' });
  const received: string[] = [];
  mqtt.subscribe('base/kitchen/command', ({ payload }) => Promise.resolve(void received.push(payload.toString())));
  await until('refused', 5, () => Promise.resolve(mqtt.trouble?.includes('the subscription to base/kitchen/command')));
  await until('granted', 10, () => Promise.resolve(mqtt.connected && mqtt.trouble === undefined));
  aedes.publish({ ...{ cmd: 'publish', qos: 1, retain: false, dup: false, topic: 'base/kitchen/command', payload: 'x' } }, () => undefined); // prettier-ignore
  await until('received', 5, () => Promise.resolve(received.length > 0));
  expect(lines.filter(({ level }) => level === 'error')).toHaveLength(1);
});

test('sends a state again that is refused, and is fine when it is accepted', async () => {
  await broker.close();
  broker = await openMosquitto(['acl_file ACL'], { ACL: 'topic write base/kitchen/availability' });
  const { mqtt } = open();
  mqtt.publishState('base/kitchen/room-status', 'occupied');
  await until('refused', 5, () => Promise.resolve(mqtt.trouble?.includes('refuses base/kitchen/room-status')));
  await broker.change('ACL', 'topic readwrite base/#');
  await until('accepted', 10, () => Promise.resolve(mqtt.trouble === undefined));
  const listener = await openListener(broker.url, 'base/+/room-status');
  expect(await listener.until(() => true)).toMatchObject({ payload: 'occupied', retain: true });
  expect(mqtt.reconnects).toBe(0);
});

test('a message larger than the limit is handled without its payload, also with MQTT 3.1.1, and does not come again', async () => {
  const { mqtt } = open({ protocol: '3.1.1' });
  const received: number[] = [];
  mqtt.subscribe('base/kitchen/command', ({ payload }) => Promise.resolve(void received.push(payload.length)));
  await connected(mqtt);
  const speaker = await openListener(broker.url, 'nothing');
  for (const bytes of [20_000_000, 60_000, 3])
    await speaker.client.publishAsync('base/kitchen/command', 'x'.repeat(bytes), { qos: 1 });
  await until('all came', 10, () => Promise.resolve(received.length === 3));
  expect(received).toEqual([0, 60_000, 3]);
  await mqtt.deliver('base/kitchen/snapshot', 'x');
  expect(mqtt.reconnects).toBe(0);
});

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

test('close waits for the handler of a message that runs, so that it can finish what it writes', async () => {
  const { mqtt } = open();
  let finish: () => void = () => undefined;
  const writing = new Promise<void>((resolve) => (finish = resolve));
  const steps: string[] = [];
  mqtt.subscribe('base/kitchen/upload', async () => {
    steps.push('begun');
    await writing;
    steps.push('written');
  });
  await connected(mqtt);
  const other = await openListener(broker.url, 'nothing');
  await until('the handler runs', 10, async () => {
    await other.client.publishAsync('base/kitchen/upload', '{}', { qos: 1 });
    return steps.length > 0;
  });
  const closed = mqtt.close().then(() => steps.push('closed'));
  setTimeout(finish, 300);
  await closed;
  expect(steps.slice(-2)).toEqual(['written', 'closed']);
});
