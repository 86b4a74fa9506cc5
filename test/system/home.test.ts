import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { openTab, violations } from '../support/browser.js';
import { freePort } from '../support/free-port.js';
import { ingressPath, openIngress, supervisorAddress } from '../support/ingress.js';
import { connectListener } from '../support/listener.js';
import { openMosquitto } from '../support/mosquitto.js';
import { ending, startNode } from '../support/node-process.js';
import { cli, sampleClip } from '../support/roomwatch.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

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
  const shared = {
    ...{ mqtt: { url: broker.url }, camera: { loop: true, fps: 4 }, occupancy: { vacancy_seconds: 3 } },
    http: { port, password, ingress_from: supervisorAddress },
  };
  const rooms = names.map((room) => ({ room, camera: { source: `${room}.mp4` } }));
  writeFileSync(file, JSON.stringify({ ...shared, rooms }));
  const listener = await connectListener(broker.url, 'roomwatch/#', {}, true);
  onTestFinished(() => void listener.client.end(true));
  const start = (args: readonly string[]) => startNode([cli, ...args, '--conf', file]);
  const online = async (name: string) =>
    listener.until(({ topic, payload }) => topic === `roomwatch/${name}/availability` && payload === 'online');
  return { folder, broker, listener, start, online, names, url: `http://127.0.0.1:${port}/` };
}

async function logIn(page: Page, url: string) {
  await page.goto(url);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
}

test('one login opens all rooms; what is down is named, and the rest goes on', async () => {
  const { broker, listener, start, online, names, url } = await startHome();
  start(['page']);
  const detectors = new Map(names.map((name) => [name, start(['detect', '--room', name])]));
  for (const name of names) await online(name);

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

const former = 45;

/** One visit an hour of a room: at the first, second or third third of each hour, the newest first. */
function addFormerVisits(folder: string, room: string, place: number): void {
  const visits = Array.from({ length: former }, (_, n) => {
    const at = new Date(2026, 10, 3, 20 - n, 20 * place).toISOString();
    const key = `0193a5c0-0000-7000-800${place}-${String(n).padStart(12, '0')}`;
    // Retention has removed it.
    const upload = { state: 'uploaded', archive: 'folder', path: '/old.jpg', finished_at: at, error: null };
    const snapshots = n === 0 ? [{ id: key, taken_at: at, reason: 'motion', bytes: 9, labels: [], upload }] : [];
    return { key, visit: key, began_at: at, ended_at: at, snapshot_count: snapshots.length, snapshots };
  });
  const own = join(folder, 'data', 'rooms', room);
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, 'visits.json'), JSON.stringify(visits));
}

type Element = { querySelector(selector: string): { textContent: string | null; dateTime?: string } | null };

/** The rooms and the times of the visits that are shown, in order. */
function shownVisits(page: Page): Promise<readonly { room: string; at: string }[]> {
  return page.locator('.visit h3').evaluateAll((headings: Element[]) =>
    headings.map((heading) => ({
      room: heading.querySelector('a')?.textContent ?? '',
      at: heading.querySelector('time')?.dateTime ?? '',
    })),
  );
}

/** Scrolls until the end of the list is loaded. */
async function scrollToEnd(page: Page): Promise<void> {
  await until('the end of the list is loaded', 60, async () => {
    await page.mouse.wheel(0, 20_000);
    return !(await page.getByRole('button', { name: 'Show older visits' }).isVisible());
  });
}

test('the visits of all rooms are one list, behind a proxy too, with the viewer; a detector that is down is named', async () => {
  const { folder, start, online, names, url } = await startHome();
  names.forEach((name, place) => addFormerVisits(folder, name, place));
  start(['page']);
  const detectors = new Map(names.map((name) => [name, start(['detect', '--room', name])]));
  for (const name of names) await online(name);

  const { page, complaints } = await openTab();
  await page.goto(`${await openIngress(url)}${ingressPath}/`);
  await page.getByRole('link', { name: 'Visits' }).click();
  const cards = page.locator('.visit');
  for (const name of names) await cards.filter({ hasText: name }).first().waitFor();
  const first = await shownVisits(page);
  expect(first.length).toBeLessThan(former * names.length);
  for (const name of names) await cards.filter({ hasText: name }).locator('.thumb img').first().waitFor();
  await leafThrough(page);
  expect(await violations(page)).toEqual([]);

  await scrollToEnd(page);
  const all = await shownVisits(page);
  expect(all.map(({ at }) => at)).toEqual(all.map(({ at }) => at).sort().reverse()); // prettier-ignore
  for (const name of names) expect(all.filter((visit) => visit.room === name).length).toBeGreaterThan(former);

  const room = page.getByRole('combobox', { name: 'Room' });
  await page.getByLabel('Day').fill('2026-11-02');
  await room.selectOption('hall');
  await until('one room and one day are shown', 20, async () => {
    await page.mouse.wheel(0, 20_000);
    const shown = await shownVisits(page);
    return shown.length === 24 && shown.every((visit) => visit.room === 'hall');
  });
  await room.selectOption('All rooms');
  await until('one day of all rooms is shown', 20, async () => {
    await page.mouse.wheel(0, 20_000);
    return (await cards.count()) === 24 * names.length;
  });
  // The browser complains of each picture that retention has removed.
  expect(complaints.filter((complaint) => !complaint.includes('404 (Not Found)'))).toEqual([]);
  await page.getByLabel('Day').fill('2026-11-03');
  await page.getByText('Removed from the detector').nth(names.length - 1).waitFor(); // prettier-ignore
  await page.getByRole('button', { name: 'All days' }).click();

  const kitchen = detectors.get('kitchen')!;
  const ended = ending(kitchen);
  kitchen.kill('SIGKILL');
  await ended;
  await page.getByText('Visits of kitchen are missing').waitFor();
  await cards.filter({ hasText: 'attic' }).first().waitFor();
  await page.reload();
  await page.getByText('Visits of kitchen are missing').waitFor();
  await cards.filter({ hasText: 'attic' }).locator('.thumb img').first().waitFor();
  expect((await shownVisits(page)).filter((visit) => visit.room === 'kitchen')).toEqual([]);
  start(['detect', '--room', 'kitchen']);
  await page.getByText('Visits of kitchen are missing').waitFor({ state: 'detached' });
  await cards.filter({ hasText: 'kitchen' }).locator('.thumb img').first().waitFor();
}, 180_000);

/** Opens the newest snapshot, leafs with keys, downloads a picture, and closes it. */
async function leafThrough(page: Page): Promise<void> {
  await page.locator('.thumb').first().click();
  const picture = page.locator('dialog img');
  await picture.waitFor();
  expect(await picture.evaluate((image: { naturalWidth: number }) => image.naturalWidth)).toBe(640);
  const first = await picture.getAttribute('src');
  const rooms = new Set<string>();
  await until('snapshots of two rooms were shown', 20, async () => {
    rooms.add((await page.locator('dialog .facts p').first().innerText()).split(' ')[0] ?? '');
    await page.keyboard.press('ArrowRight');
    return rooms.size > 1;
  });
  expect(await picture.getAttribute('src')).not.toBe(first);
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download' }).click();
  expect((await download).suggestedFilename()).toMatch(/^(kitchen|hall|attic)-.*\.jpg$/);
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await picture.waitFor({ state: 'hidden' });
}
