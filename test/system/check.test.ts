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
    expect.stringMatching(/^camera {3}ok {2}\d+x\d+ at \d+\.\d fps from the bundled demonstration clip$/),
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
    expect.stringMatching(/^broker {3}not ok: nothing listens at mqtt\.url: is the broker running\?/),
    expect.stringMatching(/^archive {2}not ok: Dropbox cannot be reached/),
  ]);
});

test.each([
  ['rtsp://cam:a#sw0rd@127.0.0.1:PORT/s1', 'rtsp://[secret]@127.0.0.1:PORT/s1)'],
  ['http://127.0.0.1:PORT/v.cgi?user=a&pwd=sw0rd', 'http://127.0.0.1:PORT/v.cgi?user=[secret]&pwd=[secret])'],
])('check shows no part of the login in %s', async (source, shown) => {
  const port = String(await freePort());
  const { stdout, stderr } = await check({
    ROOMWATCH_CAMERA_SOURCE: source.replace('PORT', port),
    ROOMWATCH_MQTT_URL: `mqtt://cam:50%sw0rd@127.0.0.1:${port}`,
  });
  expect(stdout).toContain(shown.replace('PORT', port));
  expect(stdout + stderr).not.toContain('sw0rd');
});

test('an address that can be read in two ways is refused with status 2', async () => {
  const { status, stdout, stderr } = await check({ ROOMWATCH_CAMERA_SOURCE: 'rtsp://cam:12/sw0rd@127.0.0.1/s1' });
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/camera\.source \(ROOMWATCH_CAMERA_SOURCE\): can be read in two ways: .*%2F/);
  expect(stderr).not.toMatch(/sw0rd|\n {4}at /);
});
