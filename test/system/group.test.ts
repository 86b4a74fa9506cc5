import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { uploadResult } from '../../src/domain/contract/payloads.js';
import { openShelf } from '../support/detector-shelf.js';
import { openDropboxServer } from '../support/dropbox-server.js';
import { openListener } from '../support/listener.js';
import { openMosquitto } from '../support/mosquitto.js';
import { testSecret } from '../support/receipt.js';
import { startRoomwatch, temporaryFolder } from '../support/roomwatch.js';
import { until } from '../support/until.js';

test('three uploaders of a group, one of them killed: a thousand snapshots, each archived once', async () => {
  const broker = await openMosquitto(['max_queued_messages 0']);
  onTestFinished(() => broker.close());
  const dropbox = await openDropboxServer();
  onTestFinished(() => dropbox.close());
  const shelf = await openShelf();
  const data = await temporaryFolder();
  const listener = await openListener(broker.url, 'roomwatch/#');
  const start = (name: string) => {
    const uploader = startRoomwatch(['upload'], {
      MQTT_URL: broker.url,
      DATA_DIR: join(data, 'data'),
      HTTP_SIGNING_SECRET: testSecret,
      UPLOADER_NAME: name,
      UPLOADER_GROUP: 'all',
      ARCHIVE_KIND: 'dropbox',
      DROPBOX_API_URL: dropbox.url,
      DROPBOX_APP_KEY: 'app-key',
      DROPBOX_REFRESH_TOKEN: 'refresh-token',
    });
    // A pipe that nobody reads stops the process that writes to it.
    uploader.stderr?.resume();
    return uploader;
  };
  const uploaders = ['one', 'two', 'three'].map(start);
  for (const name of ['one', 'two', 'three'])
    await listener.until(({ topic, payload }) => topic.includes(`/${name}/`) && payload === 'online');

  const results = () =>
    listener.received
      .filter(({ topic }) => topic.endsWith('/upload'))
      .map(({ payload }) => uploadResult.parse(JSON.parse(payload)));
  const pictures = Array.from({ length: 1000 }, (_, n) => Buffer.from(`picture ${n} ${'x'.repeat(20_000)}`));
  const receipts = pictures.map((picture) => shelf.offer(picture));
  for (const [n, receipt] of receipts.entries()) {
    await listener.client.publishAsync('roomwatch/kitchen/snapshot', JSON.stringify(receipt), { qos: 1 });
    if (n !== 500) continue;
    await until('some are done', 30, () => Promise.resolve(results().length > 50));
    uploaders[1]?.kill('SIGKILL');
  }
  start('two');
  const done = () => Promise.resolve(new Set(results().map(({ snapshot }) => snapshot)).size === 1000);
  await until('all are reported', 90, done);

  expect(results().filter(({ result }) => result !== 'uploaded')).toEqual([]);
  const files = dropbox.account.list().map(({ path_display }) => path_display);
  expect(files).toHaveLength(1000);
  for (const [n, { id, sha256 }] of receipts.entries()) {
    const path = files.find((file) => file.includes(id)) ?? `no file for picture ${n}`;
    expect(createHash('sha256').update(dropbox.account.read(path)!).digest('hex')).toBe(sha256);
  }
}, 180_000);
