import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { health, liveSettings, motionEvent, roomStatus, snapshotReceipt } from '../../src/domain/contract/payloads.js';
import { isSignedAnswer } from '../../src/runtime/signed-answer.js';
import { isSignedDocument } from '../../src/runtime/signed-receipt.js';
import { signUrl } from '../../src/runtime/signed-url.js';
import { freePort } from '../support/free-port.js';
import { openListener, type ReceivedMessage } from '../support/listener.js';
import { openMosquitto } from '../support/mosquitto.js';
import { ending } from '../support/node-process.js';
import { sampleClip, startRoomwatch, temporaryFolder } from '../support/roomwatch.js';

const secret = 'a secret of the test';

/** A broker, a listener, and the settings of a detector on the bundled clip. */
async function scene(more: Readonly<Record<string, string>> = {}) {
  const broker = await openMosquitto();
  onTestFinished(() => broker.close());
  const listener = await openListener(broker.url, 'roomwatch/#');
  const port = await freePort();
  const settings = {
    ROOM: 'hall',
    DATA_DIR: await temporaryFolder(),
    MQTT_URL: broker.url,
    HTTP_PORT: String(port),
    HTTP_SIGNING_SECRET: secret,
    CAMERA_SOURCE: sampleClip,
    OCCUPANCY_VACANCY_SECONDS: '3',
    ...more,
  };
  return { broker, listener, port, settings };
}

const at = (topic: string) => `roomwatch/hall/${topic}`;
const isStatus = (status: string) => (message: ReceivedMessage) =>
  message.topic === at('room-status') && message.payload.includes(`"status":"${status}"`);

test('a visit as a consumer sees it: in order, valid by the schemas, its picture available once it is announced', async () => {
  const { listener, port, settings } = await scene();
  const detector = startRoomwatch(['detect'], settings);
  const done = ending(detector);
  await listener.until(isStatus('occupied'));
  const receipt = snapshotReceipt.parse(
    JSON.parse((await listener.until(({ topic }) => topic === at('snapshot'))).payload),
  );

  const picture = await fetch(receipt.url);
  expect(picture.status).toBe(200);
  expect(picture.headers.get('content-type')).toBe('image/jpeg');
  const bytes = Buffer.from(await picture.arrayBuffer());
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(receipt.sha256);
  expect(bytes.length).toBe(receipt.bytes);
  expect((await fetch(receipt.url.replace(/.$/, (last) => (last === '0' ? '1' : '0')))).status).toBe(403);
  expect(isSignedDocument(receipt, secret)).toBe(true);
  const origin = `http://127.0.0.1:${port}`;
  expect((await fetch(signUrl(origin, `${receipt.id}.jpg`, secret, Date.now() / 1000 - 60))).status).toBe(403);
  const unknown = '01900000-0000-7000-8000-000000000000';
  const absent = await fetch(signUrl(origin, `${unknown}.jpg`, secret, Date.now() / 1000 + 60));
  expect(absent.status).toBe(404);
  const answer = { status: 404, room: 'hall', id: unknown };
  expect(isSignedAnswer(answer, absent.headers.get('roomwatch-signature'), secret)).toBe(true);
  expect(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).toContain('roomwatch_room_occupied');
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);

  await listener.until(({ topic, payload }) => topic === at('motion') && payload.includes('motion_ended'));
  const before = listener.received.length;
  detector.kill('SIGTERM');
  expect((await done).status).toBe(0);
  await listener.until(({ topic, payload }) => topic === at('availability') && payload === 'offline');
  expect(listener.received.length).toBeGreaterThan(before);

  const heard = listener.received.filter(({ topic }) => topic !== at('health') && !topic.endsWith('/settings'));
  const story = heard.map(({ topic, payload }) => {
    const name = topic.slice(at('').length);
    if (name === 'room-status') return roomStatus.parse(JSON.parse(payload)).reason;
    if (name === 'motion') return motionEvent.parse(JSON.parse(payload)).event_type;
    if (name === 'snapshot') return snapshotReceipt.parse(JSON.parse(payload)).reason === 'motion' && 'snapshot';
    return payload;
  });
  expect(story.slice(0, 2).toSorted()).toEqual(['online', 'warming_up']);
  expect(story.slice(2, 6)).toEqual([
    'quiet',
    'motion_started',
    expect.stringMatching(/^(motion|person)$/),
    'snapshot',
  ]);
  expect(story).toContain('motion_ended');
  expect(story.at(-1)).toBe('offline');
  expect(heard.filter(({ topic, retain }) => retain && /motion$|snapshot$/.test(topic))).toEqual([]);
});

test('settings are changed, refused and stored; commands are carried out, retained ones are not', async () => {
  const { broker, listener, settings } = await scene({ CAMERA_LOOP: 'true' });
  await listener.client.publishAsync(at('settings/set'), '{"min_area":777}', { qos: 1, retain: true });
  const first = startRoomwatch(['detect'], settings);
  const said = (fits: (payload: string) => boolean) =>
    listener.until(({ topic, payload }) => topic === at('settings') && fits(payload));
  await said(() => true);
  await listener.until(({ topic, payload }) => topic === at('availability') && payload === 'online');
  await listener.until(isStatus('unoccupied'));
  listener.client.publish(at('settings/set'), '{"min_area":1234,"armed":true}', { qos: 1 });
  expect(liveSettings.parse(JSON.parse((await said((payload) => payload.includes('1234'))).payload)).min_area).toBe(
    1234,
  );
  const count = () => listener.received.filter(({ topic }) => topic === at('settings')).length;
  const before = count();
  listener.client.publish(at('settings/set'), '{"min_area":99,"volume":11}', { qos: 1 });
  listener.client.publish(at('command'), 'snapshot', { qos: 1 });
  const taken = await listener.until(({ topic, payload }) => topic === at('snapshot') && payload.includes('"command"'));
  expect(snapshotReceipt.parse(JSON.parse(taken.payload)).visit).toBeNull();
  expect(count()).toBe(before + 1);

  const ended = ending(first);
  first.kill('SIGINT');
  expect((await ended).status).toBe(0);
  const late = await openListener(broker.url, at('settings'));
  const second = startRoomwatch(['detect'], settings);
  const again = await late.until(({ retain }) => !retain);
  expect(liveSettings.parse(JSON.parse(again.payload)).min_area).toBe(1234);
  listener.client.publish(at('command'), 'announce', { qos: 1 });
  await late.until((message) => !message.retain && message !== again);
  expect(listener.received.some(({ topic, payload }) => topic === at('settings') && payload.includes('777'))).toBe(
    false,
  );
  second.kill('SIGTERM');
});

test('a disarmed room is unknown and no frame is analysed; health reports the camera', async () => {
  const { listener, settings } = await scene({ CAMERA_LOOP: 'true' });
  const detector = startRoomwatch(['detect'], settings);
  await listener.until(isStatus('unoccupied'));
  listener.client.publish(at('settings/set'), '{"armed":false}', { qos: 1 });
  await listener.until(({ payload }) => payload.includes('"reason":"disarmed"'));
  const camera = (payload: string) => health.parse(JSON.parse(payload)).camera;
  await listener.until(({ topic, payload }) => topic === at('health') && camera(payload) === 'ok');
  expect(listener.received.some(({ topic }) => topic === at('motion'))).toBe(false);
  detector.kill('SIGTERM');
}, 90_000);

test('a detector that cannot run reports the reason in one line, with status 1', async () => {
  const folder = await temporaryFolder();
  const noClip = join(folder, 'clip.mp4');
  await writeFile(noClip, 'this is no video');
  const { settings } = await scene({ CAMERA_SOURCE: noClip });
  const unreadable = await ending(startRoomwatch(['detect'], settings));
  expect(unreadable.status).toBe(1);
  expect(unreadable.stderr).toContain(noClip);
  expect(unreadable.stderr).not.toContain('    at ');

  const taken = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void taken.close());
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const busy = await ending(startRoomwatch(['detect'], { ...settings, HTTP_PORT: String(port) }));
  expect(busy.status).toBe(1);
  expect(busy.stderr).toContain(`http.port ${port}`);
});

test('a second detector on the same data directory is refused', async () => {
  const { listener, settings } = await scene({ CAMERA_LOOP: 'true' });
  const first = startRoomwatch(['detect'], settings);
  await listener.until(({ payload }) => payload === 'online');
  const second = await ending(startRoomwatch(['detect'], { ...settings, HTTP_PORT: '0' }));
  expect(second.status).toBe(1);
  expect(second.stderr).toContain('another detector for room hall');
  expect(first.exitCode).toBeNull();
  first.kill('SIGTERM');
});
