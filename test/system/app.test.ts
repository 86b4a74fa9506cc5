import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { openTab } from '../support/browser.js';
import { freePort } from '../support/free-port.js';
import { ingressPath, openIngress, supervisorAddress } from '../support/ingress.js';
import { connectListener } from '../support/listener.js';
import { openMosquitto } from '../support/mosquitto.js';
import { ending, startNode } from '../support/node-process.js';
import { cli } from '../support/roomwatch.js';
import { supervisorToken, type Service } from '../support/supervisor-server.js';
import { openSupervisor } from '../support/supervisor.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Starts the app as the Supervisor does, with these options and files; everything lies in one folder. */
async function startApp(options: object, services: { mqtt: Service }, own?: string) {
  const folder = temporaryFolder();
  const config = join(folder, 'config');
  mkdirSync(config);
  const port = await freePort();
  writeFileSync(join(folder, 'options.json'), JSON.stringify(options));
  if (own !== undefined) writeFileSync(join(config, 'roomwatch.yaml'), own);
  const places = {
    ...{ options: join(folder, 'options.json'), config, data: join(folder, 'data'), port: String(port) },
    ...{ supervisor: await openSupervisor(services), 'supervisor-address': supervisorAddress },
  };
  const args = Object.entries(places).flatMap(([name, place]) => [`--${name}`, place]);
  const env = { PATH: process.env['PATH'], SUPERVISOR_TOKEN: supervisorToken, TZ: 'Europe/Berlin' };
  const child = startNode([cli, 'app', ...args], { cwd: '/', env });
  const lines: string[] = [];
  let wake = () => {};
  createInterface({ input: child.stderr! }).on('line', (line) => {
    lines.push(line);
    wake();
  });
  const logged = async (words: string) => {
    while (!lines.some((line) => line.includes(words))) await new Promise<void>((resolve) => (wake = resolve));
  };
  return { child, folder, lines, logged, url: `http://127.0.0.1:${port}` };
}

test('with a room and nothing else, the app waits for a broker, finds it, and shows its page in Home Assistant', async () => {
  const broker = await openMosquitto();
  onTestFinished(() => broker.close());
  const services: { mqtt: Service } = { mqtt: undefined };
  const pictures = temporaryFolder();
  const options = {
    rooms: [{ room: 'kitchen', camera: 'sample', vacancy_seconds: 2 }],
    ...{ mqtt: {}, archive: { folder: pictures }, dropbox: {}, http: {}, log: {} },
  };
  const app = await startApp(options, services, 'camera: { loop: true, warmup_seconds: 0 }\n');
  await app.logged('install and start the app "Mosquitto broker"');
  services.mqtt = {
    ...{ host: '127.0.0.1', port: broker.port, ssl: false },
    username: 'addons',
    password: 'secret words',
  };
  const listener = await connectListener(broker.url, '#', {}, true);
  onTestFinished(() => void listener.client.end(true));
  const discovery = await listener.until(({ topic }) => topic === 'homeassistant/device/roomwatch_kitchen/config');
  expect(JSON.parse(discovery.payload)).toHaveProperty(
    'device.configuration_url',
    'homeassistant://app/a1b2c3d4_roomwatch/',
  );
  await listener.until(({ topic }) => topic === 'roomwatch/kitchen/upload');
  expect(app.lines.join('\n')).not.toContain('secret words');

  const home = await openIngress(app.url);
  const { page, complaints } = await openTab();
  await page.goto(home);
  const frame = page.frameLocator('iframe');
  await frame.getByRole('link', { name: /kitchen/ }).click();
  await frame.getByText(/frames per second$/).waitFor();
  const live = frame.locator('.picture img');
  await live.evaluate(
    (image: { naturalWidth: number; onload: unknown }) =>
      image.naturalWidth > 0 || new Promise((resolve) => (image.onload = resolve)),
  );
  expect(await live.getAttribute('src')).toMatch(/^api\/picture\.jpg\?view=picture/);
  await frame.getByRole('button', { name: 'Disarm' }).click();
  await listener.until(
    ({ topic, payload }) => topic === 'roomwatch/kitchen/settings' && payload.includes('"armed":false'),
  );
  expect(await frame.getByRole('button', { name: 'Log out' }).count()).toBe(0);
  expect(complaints).toEqual([]);

  const forged = { 'x-ingress-path': ingressPath, 'x-hass-source': 'core.ingress' };
  for (const path of ['/api/overview', '/rooms/kitchen/api/state', '/rooms/kitchen/live.mjpg'])
    expect([path, (await fetch(app.url + path, { headers: forged })).status]).toEqual([path, 401]);

  const ended = ending(app.child);
  app.child.kill('SIGTERM');
  expect(await ended).toMatchObject({ status: 0 });
});

test('without a room the app says where to add one, and ends', async () => {
  const { child, lines } = await startApp({ rooms: [] }, { mqtt: undefined });
  expect(await ending(child)).toMatchObject({ status: 2 });
  expect(lines.join('\n')).toContain('under Configuration, add a room with its camera');
});
