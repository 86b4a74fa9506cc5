import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { openTab, violations } from '../support/browser.js';
import { freePort } from '../support/free-port.js';
import { connectListener } from '../support/listener.js';
import { openMosquitto } from '../support/mosquitto.js';
import { ending, startNode } from '../support/node-process.js';
import { cli, sampleClip } from '../support/roomwatch.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const password = 'open sesame';

/** A home of three rooms behind one page, each with a clip of its own as its camera. */
async function startHome() {
  const folder = temporaryFolder();
  const broker = await openMosquitto();
  onTestFinished(() => broker.close());
  const port = await freePort();
  const names = ['kitchen', 'hall', 'attic'];
  for (const name of names) copyFileSync(sampleClip, join(folder, `${name}.mp4`));
  const file = join(folder, 'home.json');
  const shared = { mqtt: { url: broker.url }, http: { port, password }, camera: { loop: true, fps: 4 } };
  const rooms = names.map((room) => ({ room, camera: { source: `${room}.mp4` } }));
  writeFileSync(file, JSON.stringify({ ...shared, rooms }));
  const listener = await connectListener(broker.url, 'roomwatch/#', {}, true);
  onTestFinished(() => void listener.client.end(true));
  const start = (args: readonly string[]) => startNode([cli, ...args, '--conf', file]);
  return { broker, listener, start, names, url: `http://127.0.0.1:${port}/` };
}

async function logIn(page: Page, url: string) {
  await page.goto(url);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
}

test('one login opens all rooms; what is down is named, and the rest goes on', async () => {
  const { broker, listener, start, names, url } = await startHome();
  start(['page']);
  const detectors = new Map(names.map((name) => [name, start(['detect', '--room', name])]));
  for (const name of names)
    await listener.until(({ topic, payload }) => topic === `roomwatch/${name}/availability` && payload === 'online');

  const { page, complaints } = await openTab();
  await logIn(page, url);
  for (const name of names) await page.getByRole('link', { name }).locator('img').waitFor();
  expect(await violations(page)).toEqual([]);
  expect(complaints).toEqual([]);

  await page.getByRole('link', { name: 'hall' }).click();
  await page.locator('.picture img.picture').waitFor();
  expect(new URL(page.url()).pathname).toBe('/rooms/hall/');
  await page.getByRole('button', { name: 'Disarm' }).click();
  await listener.until(
    ({ topic, payload }) => topic === 'roomwatch/hall/settings' && payload.includes('"armed":false'),
  );
  await page.getByRole('link', { name: 'All rooms' }).click();
  await page.getByRole('link', { name: 'hall' }).getByText('disarmed').waitFor();
  expect(complaints).toEqual([]);

  const kitchen = detectors.get('kitchen')!;
  const ended = ending(kitchen);
  kitchen.kill('SIGKILL');
  await ended;
  await page.getByText(/The detector of kitchen has been offline since [\d:]+\. Start it again\./).waitFor();
  await page.getByRole('link', { name: 'kitchen' }).getByText('Unknown').waitFor();
  await page.getByRole('link', { name: 'attic' }).locator('img').waitFor();
  await page.getByRole('link', { name: 'kitchen' }).click();
  await page.getByText('No answer from the detector').waitFor();
  await page.getByRole('link', { name: 'All rooms' }).click();

  await broker.close();
  await page.getByText(/The MQTT broker cannot be reached since [\d:]+, so/).waitFor();
  await page.getByRole('link', { name: 'attic' }).getByText('Unknown').waitFor();
}, 120_000);
