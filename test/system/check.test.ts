import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../support/free-port.js';
import { openMosquitto } from '../support/mosquitto.js';
import { ending, startNode } from '../support/node-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const cli = join(import.meta.dirname, '../../dist/cli.js');

function check(env: Record<string, string>) {
  const cwd = temporaryFolder();
  return ending(startNode([cli, 'check'], { cwd, env: { ...process.env, ...env } }));
}

test('check prints a line for each part that works', async () => {
  const broker = await openMosquitto();
  onTestFinished(() => broker.close());
  const { status, stdout, stderr } = await check({ ROOMWATCH_MQTT_URL: broker.url });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout.trim().split('\n')).toEqual([
    expect.stringMatching(/^camera {3}ok {2}\d+x\d+ at \d+\.\d fps$/),
    `broker   ok  ${broker.url} speaks MQTT 5`,
    'archive  ok  data/archive',
  ]);
});

test('check prints what to do about each part that does not work, with status 1', async () => {
  const { status, stdout } = await check({
    ROOMWATCH_CAMERA_SOURCE: `rtsp://me:swordfish@127.0.0.1:${await freePort()}/1`,
    ROOMWATCH_MQTT_URL: `mqtt://127.0.0.1:${await freePort()}`,
    ROOMWATCH_ARCHIVE_KIND: 'dropbox',
    ROOMWATCH_DROPBOX_ACCESS_TOKEN: 'token',
    ROOMWATCH_DROPBOX_API_URL: `http://127.0.0.1:${await freePort()}`,
  });
  expect(status).toBe(1);
  expect(stdout.trim().split('\n')).toEqual([
    expect.stringMatching(/^camera {3}not ok: .*does not answer.*check camera\.source \(rtsp:\/\/\[secret\]@127/),
    'broker   not ok: nothing listens at mqtt.url: is the broker running?',
    expect.stringMatching(/^archive {2}not ok: Dropbox cannot be reached/),
  ]);
});
