import { existsSync } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { encodeEntry } from '../../src/adapters/files/spool-line.js';
import { ending } from '../support/node-process.js';
import { makeReceipt, testSecret } from '../support/receipt.js';
import { startRoomwatch, temporaryFolder } from '../support/roomwatch.js';
import { until } from '../support/until.js';

const count = 200_000;

/** Writes a queue as an uploader leaves it that could not reach its archive for days. */
async function writeQueue(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const file = await open(join(folder, 'queue'), 'w');
  const bytes = Buffer.from('picture');
  const template = makeReceipt(bytes, 'http://127.0.0.1:1');
  for (let n = 0; n < count; n += 1000) {
    const lines = Array.from({ length: 1000 }, (_, m) => {
      const id = template.id.slice(0, -12) + String(n + m).padStart(12, '0');
      const record = { ...template, id, url: template.url.replaceAll(template.id, id) };
      return encodeEntry({ kind: 'put', key: id, at: 1_800_000_000, record });
    });
    await file.write(Buffer.concat(lines));
  }
  await file.close();
}

test('a stop while the uploader reads a queue of 200,000 ends it with status 0', async () => {
  const data = await temporaryFolder();
  const folder = join(data, 'uploaders', 'uploader');
  await writeQueue(folder);
  const uploader = startRoomwatch(['upload'], {
    MQTT_URL: 'mqtt://127.0.0.1:1',
    DATA_DIR: data,
    ARCHIVE_FOLDER: join(data, 'archive'),
    HTTP_SIGNING_SECRET: testSecret,
  });
  const ended = ending(uploader);
  // It opens this file right before the queue.
  await until('the uploader reads its store', 30, () => Promise.resolve(existsSync(join(folder, 'ended'))));
  uploader.kill('SIGTERM');
  const { status, stdout, stderr } = await ended;
  expect(stdout + stderr).not.toContain('uploader started');
  expect(status).toBe(0);
});
