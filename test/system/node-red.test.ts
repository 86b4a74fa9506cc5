import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { liveSettings, uploadResult, type LiveSettings } from '../../src/domain/contract/payloads.js';
import { sampleClip } from '../support/roomwatch.js';
import { openHttpSink, type HttpSink, type Received } from '../support/http-sink.js';
import { connectListener, type Listener } from '../support/listener.js';
import { openMosquitto, type Mosquitto } from '../support/mosquitto.js';
import { openNodeRed, type NodeRed } from '../support/node-red.js';
import { openHousehold, type Household, type Process } from '../support/household.js';
import { until } from '../support/until.js';

const root = join(import.meta.dirname, '..', '..');

/**
 * The example's flows; changed is what a user changes, the broker's port and the address of the notifications, and the
 * 100 s of silence, for which no test should wait.
 */
async function exampleFlows(port: number, notifyUrl: string): Promise<object[]> {
  const text = await readFile(join(root, 'examples', 'node-red', 'flows.json'), 'utf8');
  return (JSON.parse(text) as { type: string }[]).map((node) => {
    if (node.type === 'mqtt-broker') return { ...node, port: String(port) };
    if (node.type === 'http request') return { ...node, url: notifyUrl };
    if (node.type === 'trigger') return { ...node, duration: '2' };
    return node;
  });
}

describe('the Node-RED example, in a plain Node-RED', () => {
  let broker: Mosquitto;
  let phone: HttpSink;
  let nodeRed: NodeRed;
  let roomwatch: Household;
  let lamp: Listener;
  let room: Listener;
  let detector: Process;
  let archive: string;

  beforeAll(async () => {
    archive = await mkdtemp(join(tmpdir(), 'roomwatch-archive-'));
    broker = await openMosquitto();
    phone = await openHttpSink();
    nodeRed = await openNodeRed(await exampleFlows(broker.port, phone.url));
    roomwatch = await openHousehold({
      room: 'kitchen',
      mqtt: { url: broker.url },
      camera: { source: sampleClip, loop: true },
      occupancy: { vacancy_seconds: 3 },
      http: { port: 0 },
      archive: { folder: join(archive, 'pictures') },
    });
    lamp = await connectListener(broker.url, 'zigbee2mqtt/#');
    room = await connectListener(broker.url, 'roomwatch/#');
    detector = await roomwatch.start('detect', {});
    await roomwatch.start('upload', {});
  }, 240_000);
  afterAll(async () => {
    lamp.client.end(true);
    room.client.end(true);
    await roomwatch.close();
    await nodeRed.close();
    await phone.close();
    await broker.close();
    await rm(archive, { recursive: true, force: true });
  });

  /** The first message of a kind on the phone. */
  const notified = (what: string, fits: (message: Received) => boolean) =>
    until(what, 90, () => Promise.resolve(phone.received.find(fits)));
  const saying = (text: RegExp) => (message: Received) => text.test(message.body.toString());

  test('somebody comes: the lamp goes on; nobody is left: it goes off', async () => {
    await lamp.until(({ payload }) => payload === '{"state":"ON"}');
    await lamp.until(({ payload }) => payload === '{"state":"OFF"}');
    expect(lamp.received.map(({ topic }) => topic).every((topic) => topic === 'zigbee2mqtt/kitchen_lamp/set')).toBe(
      true,
    );
  });

  test('motion: one message with the picture of the visit, byte for byte', async () => {
    const message = await notified('the message with the picture', ({ headers }) => headers['filename'] !== undefined);
    expect(message.headers).toMatchObject({ title: 'Kitchen', message: 'Somebody came in', filename: 'kitchen.jpg' });
    const sha256 = createHash('sha256').update(message.body).digest('hex');
    await room.until(({ topic, payload }) => topic === 'roomwatch/kitchen/snapshot' && payload.includes(sha256));
    const pictures = phone.received.filter(({ headers }) => headers['filename'] !== undefined);
    expect(pictures.length).toBe(1);
  });

  test('an upload: a message with its path', async () => {
    const upload = await room.until(({ topic }) => topic === 'roomwatch/kitchen/upload');
    const { path } = uploadResult.parse(JSON.parse(upload.payload));
    const { headers, body } = await notified('the archived picture', saying(/^Archived as /));
    expect([headers['title'], body.toString()]).toEqual(['Kitchen', `Archived as ${path}`]);
  });

  test('health: all is well, said once', async () => {
    const { headers } = await notified('the first health', saying(/^All is well$/));
    expect(headers['title']).toBe('Kitchen alert');
  });

  test('a detector that falls silent: an alert', async () => {
    await notified('the alert', saying(/^Nothing heard of the detector/));
  });

  const settingsBecome = (name: keyof LiveSettings, value: LiveSettings[keyof LiveSettings]) =>
    room.until(({ topic, payload }) => {
      return topic === 'roomwatch/kitchen/settings' && liveSettings.parse(JSON.parse(payload))[name] === value;
    });

  test('the buttons set and command', async () => {
    await nodeRed.press('rw_disarm');
    await settingsBecome('armed', false);
    room.received.length = 0;
    await nodeRed.press('rw_arm');
    await settingsBecome('armed', true);
    await nodeRed.press('rw_vacancy');
    await settingsBecome('vacancy_seconds', 60);
    await nodeRed.press('rw_threshold');
    await settingsBecome('delta_thresh', 12);
    await nodeRed.press('rw_snap');
    await room.until(({ topic, payload }) => topic === 'roomwatch/kitchen/snapshot' && payload.includes('"command"'));
  });

  test('a camera that is lost: an alert', async () => {
    await detector.end();
    await roomwatch.start('detect', { camera: { source: sampleClip, pace: 'fast' } });
    const { headers } = await notified('the alert', saying(/^The camera is lost$/));
    expect(headers['title']).toBe('Kitchen alert');
  });
});
