import { existsSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { roomStatus, snapshotReceipt, uploadResult } from '../../src/domain/contract/payloads.js';
import { freePort } from '../support/free-port.js';
import { openListener, type ReceivedMessage } from '../support/listener.js';
import { openMosquitto } from '../support/mosquitto.js';
import { ending } from '../support/node-process.js';
import { sampleClip, startRoomwatch, temporaryFolder } from '../support/roomwatch.js';

const topic = (name: string) => `roomwatch/hall/${name}`;
const isReceipt = (message: ReceivedMessage) => message.topic === topic('snapshot');

/** As a broken stream would through a fault in a decoder. */
test('a detector that dies of SIGSEGV loses no snapshot that it has announced', async () => {
  const broker = await openMosquitto();
  onTestFinished(() => broker.close());
  const listener = await openListener(broker.url, 'roomwatch/#');
  const archive = await temporaryFolder();
  const settings = {
    ROOM: 'hall',
    DATA_DIR: await temporaryFolder(),
    ARCHIVE_FOLDER: archive,
    MQTT_URL: broker.url,
    HTTP_PORT: String(await freePort()),
    CAMERA_SOURCE: sampleClip,
    CAMERA_LOOP: 'true',
    OCCUPANCY_VACANCY_SECONDS: '3',
    SNAPSHOTS_MIN_UPLOAD_SECONDS: '1',
  };

  // No uploader yet: what is announced is pending.
  const first = startRoomwatch(['detect'], settings);
  await listener.until(isReceipt);
  await listener.until((message) => isReceipt(message) && message !== listener.received.find(isReceipt));
  const died = ending(first);
  first.kill('SIGSEGV');
  expect((await died).status).toBe('SIGSEGV');
  await listener.until((message) => message.topic === topic('availability') && message.payload === 'offline');
  const announced = listener.received
    .filter(isReceipt)
    .map(({ payload }) => snapshotReceipt.parse(JSON.parse(payload)));
  expect(announced.length).toBeGreaterThanOrEqual(2);

  const before = listener.received.length;
  const second = startRoomwatch(['detect'], settings);
  const uploader = startRoomwatch(['upload'], settings);
  const uploaded = ({ id }: { id: string }) =>
    listener.until((message) => message.topic === topic('upload') && message.payload.includes(id));
  for (const receipt of announced) {
    const { result, path } = uploadResult.parse(JSON.parse((await uploaded(receipt)).payload));
    expect(result).toBe('uploaded');
    const file = join(archive, path!);
    expect(existsSync(file)).toBe(true);
    expect(
      createHash('sha256')
        .update(await readFile(file))
        .digest('hex'),
    ).toBe(receipt.sha256);
  }
  const statuses = listener.received.slice(before).filter((message) => message.topic === topic('room-status'));
  expect(statuses.map(({ payload }) => roomStatus.parse(JSON.parse(payload)).status)[0]).toBe('unknown');
  const ended = [ending(second), ending(uploader)];
  second.kill('SIGTERM');
  uploader.kill('SIGTERM');
  expect((await Promise.all(ended)).map(({ status }) => status)).toEqual([0, 0]);
}, 120_000);
