import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import type { PageState } from '../../src/domain/page/payloads.js';
import { openTab, violations } from '../support/browser.js';
import { freePort } from '../support/free-port.js';
import { cutClip } from '../support/clips.js';
import { openListener } from '../support/listener.js';
import { openMosquitto } from '../support/mosquitto.js';
import { sampleClip, startRoomwatch, temporaryFolder } from '../support/roomwatch.js';
import { until } from '../support/until.js';

const password = 'open sesame';
const authorization = `Basic ${Buffer.from(`:${password}`).toString('base64')}`;
const pages = ['Live', 'Tune', 'Visits', 'Health'] as const;

/** A detector that plays the bundled clip (or another one) in a loop, with its page. */
async function scene(prepare: (roomFolder: string) => Promise<void> = () => Promise.resolve(), clip = sampleClip) {
  const broker = await openMosquitto();
  onTestFinished(() => broker.close());
  const port = await freePort();
  const folder = await temporaryFolder();
  const settings = {
    ROOM: 'hall',
    DATA_DIR: folder,
    MQTT_URL: broker.url,
    HTTP_PORT: String(port),
    HTTP_PASSWORD: password,
    CAMERA_SOURCE: clip,
    CAMERA_LOOP: 'true',
    OCCUPANCY_VACANCY_SECONDS: '3',
    ARCHIVE_FOLDER: `${folder}/archive`,
  };
  await prepare(join(folder, 'rooms', 'hall'));
  const url = `http://127.0.0.1:${port}`;
  const start = async () => {
    const detector = startRoomwatch(['detect'], settings);
    await until('the page answers', 30, () => fetch(url).then(Boolean, () => false));
    return detector;
  };
  const state = async () =>
    (await (await fetch(`${url}/api/state`, { headers: { authorization } })).json()) as PageState;
  return { broker, settings, url, port, start, state, detector: await start() };
}

async function logIn(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { name: 'Live' }).waitFor();
}

const show = (page: Page, name: (typeof pages)[number]) => page.getByRole('link', { name, exact: true }).click();

/** Waits until the live picture has changed, pixel by pixel. */
async function pictureMoves(page: Page): Promise<void> {
  const capture = async () => (await page.locator('.picture img').screenshot()).toString('base64');
  const first = await capture();
  await until('the picture moves', 60, async () => (await capture()) !== first);
}

test('a wrong password is refused, the right one opens the page at once; every live view moves, and the console has no errors', async () => {
  const { url } = await scene();
  const { page, complaints } = await openTab();
  await page.goto(url);
  const submit = async (given: string) => {
    await page.getByLabel('Password').fill(given);
    await page.getByRole('button', { name: 'Log in' }).click();
  };
  for (let time = 0; time < 3; time++) {
    const answer = page.waitForResponse('**/api/session');
    await submit('guess');
    expect((await answer).status()).toBe(401);
  }
  await submit(password);
  await page.getByRole('heading', { name: 'Live' }).waitFor();

  complaints.length = 0;
  for (const view of ['Picture', 'Difference', 'Foreground', 'Background']) {
    await page.getByRole('radio', { name: view }).check();
    await page.locator(`.picture img.${view.toLowerCase()}`).waitFor();
    if (view !== 'Background') await pictureMoves(page);
  }
  await page.getByText('Occupied', { exact: true }).waitFor();
  await page.locator('.chart').focus();
  await page.keyboard.press('End');
  await page.getByText(/: level .* %, threshold .* %, occupied/).waitFor();
  expect(complaints).toEqual([]);
}, 180_000);

/** From here, for so many seconds, somebody comes into the empty room of the bundled clip. */
const arrival = [4, 9] as const;

test('applied settings are published on MQTT; a mask drawn with the mouse or the keyboard suppresses motion', async () => {
  const clip = await cutClip(join(await temporaryFolder(), 'arrival.mov'), sampleClip, ...arrival);
  const { url, broker, state } = await scene(undefined, clip);
  const listener = await openListener(broker.url, 'roomwatch/#');
  const { page, complaints } = await openTab({ viewport: { width: 1280, height: 1200 } });
  await logIn(page, url);
  await page.getByText('Occupied', { exact: true }).waitFor();
  await show(page, 'Tune');

  const apply = page.getByRole('button', { name: 'Apply' });
  // A key that is pressed before the tab is laid out has no effect.
  await until('the slider moves', 20, async () => {
    await page.locator('#vacancy_seconds').press('ArrowRight');
    return apply.isEnabled();
  });
  await apply.click();
  await listener.until(
    ({ topic, payload }) => topic === 'roomwatch/hall/settings' && /"vacancy_seconds":4\b/.test(payload),
  );

  await page.getByRole('button', { name: 'Draw a mask' }).click();
  const box = await page.locator('svg.masks').boundingBox();
  if (box === null) throw new Error('no editor');
  const [right, bottom] = [box.width - 6, box.height - 6];
  const corners = [[6, 6], [right, 6], [right, bottom], [6, bottom]] as const; // prettier-ignore
  for (const [x, y] of corners) await page.mouse.click(box.x + x, box.y + y);
  await page.keyboard.press('Enter');
  await page.getByText('Mask 1, 4 corners').waitFor();
  const visitCounts = page.locator('.rehearsal tbody tr', { hasText: /^Visits(?! with)/ }).locator('td');
  await until('the rehearsal finds no visit behind the mask', 60, async () =>
    /^[1-9],0$/.test((await visitCounts.allInnerTexts()).join()),
  );
  await apply.click();
  await until('the mask is applied', 20, async () => (await state()).masks.length === 1);

  const { frames } = (await state()).health;
  const before = listener.received.length;
  await until(
    'the clip has been played once more',
    90,
    async () => (await state()).health.frames > frames + 10 * arrival[1] + 5,
  );
  const since = listener.received.slice(before).map(({ payload }) => payload);
  expect(since.filter((payload) => payload.includes('motion_started'))).toEqual([]);

  await page.getByRole('button', { name: 'Remove mask 1' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Add a rectangle' }).focus();
  await page.keyboard.press('Enter');
  await page.locator('[aria-label="Mask 1, 4 corners"]:focus').waitFor();
  await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Insert');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Delete');
  await apply.focus();
  await page.keyboard.press('Enter');
  await until('the mask moved with the keyboard is applied', 20, async () => {
    const [mask] = (await state()).masks;
    return JSON.stringify(mask) === JSON.stringify([[0.3, 0.34], [0.45, 0.345], [0.6, 0.65], [0.3, 0.65]]); // prettier-ignore
  });
  expect(complaints).toEqual([]);
}, 240_000);

test('who is recognised is named, and what occupies the room can be tried and changed', async () => {
  const { url, state, broker } = await scene();
  const listener = await openListener(broker.url, 'roomwatch/hall/room-status');
  const { page, complaints } = await openTab({ viewport: { width: 1280, height: 1200 } });
  await logIn(page, url);
  await page.locator('.recognised-now strong', { hasText: /^person \d+ %/ }).waitFor();
  await page.locator('.badge', { hasText: /person recognised.* (1 person|\d people)/ }).waitFor();
  await page.locator('.legend .look.recognised').waitFor();
  await listener.until(({ payload }) => payload.includes('"confirmed":true'));

  await show(page, 'Tune');
  const ignored = page.locator('.rehearsal tbody tr', { hasText: 'did not occupy' }).locator('td');
  await page.getByRole('radio', { name: 'Anything that moves' }).check();
  await until('the rehearsal is done', 60, async () => (await ignored.allInnerTexts()).length === 2);
  expect((await state()).occupied_by).toEqual(['person']);
  await page.getByRole('button', { name: 'Apply' }).click();
  await until('the choice is applied', 20, async () => (await state()).occupied_by?.join() === 'anything');
  await show(page, 'Health');
  await page.getByText(/^\d+, the last in \d+ ms$/).waitFor();
  expect(complaints).toEqual([]);
}, 180_000);

test('a zone drawn in Tune is published and named; Health shows where a value comes from, and the log', async () => {
  const { url, broker, state } = await scene();
  const listener = await openListener(broker.url, '#');
  const { page, complaints } = await openTab({ viewport: { width: 1280, height: 1200 } });
  await logIn(page, url);
  await show(page, 'Tune');
  await page.getByRole('button', { name: 'Draw a zone' }).click();
  const box = await page.locator('svg.masks').boundingBox();
  if (box === null) throw new Error('no editor');
  for (const [x, y] of [
    [0.1, 0.1],
    [0.9, 0.1],
    [0.9, 0.9],
    [0.1, 0.9],
  ] as const)
    // prettier-ignore
    await page.mouse.click(box.x + x * box.width, box.y + y * box.height);
  await page.keyboard.press('Enter');
  await page.getByLabel('Name of zone 1').fill('desk');
  await page.getByRole('button', { name: 'Apply' }).click();
  await listener.until(
    ({ topic, payload }) => topic === 'roomwatch/hall/zones/desk' && payload.includes('"status":"occupied"'),
  );
  await listener.until(({ topic, payload }) => topic.startsWith('homeassistant/') && payload.includes('zones/desk'));
  const rehearsed = page.locator('.rehearsal tbody tr', { hasText: 'Zone desk occupied' }).locator('td');
  await until('the rehearsal says when the zone was occupied', 60, async () => {
    await page.getByRole('button', { name: 'Judge again' }).click();
    return /\d s\n[\d:]+ \(\d+ s\)/.test((await rehearsed.allInnerTexts())[1] ?? '');
  });
  await page.getByRole('button', { name: 'Remove zone desk' }).click();
  await page.getByRole('button', { name: 'Apply' }).click();
  await listener.until(({ topic, payload }) => topic === 'roomwatch/hall/zones/desk' && payload === '');
  expect((await state()).zones).toEqual([]);

  await show(page, 'Health');
  await page.locator('summary', { hasText: 'Configuration' }).click();
  const row = (key: string) => page.locator('tr', { has: page.getByRole('rowheader', { name: key, exact: true }) });
  await row('room').getByText('ROOMWATCH_ROOM').waitFor();
  expect(await row('http.password').innerText()).not.toContain(password);
  await page.locator('summary', { hasText: 'Log' }).click();
  await page.locator('.log li', { hasText: 'camera opened' }).waitFor();
  expect(complaints).toEqual([]);
}, 120_000);

const oldestTime = /2 Nov/;

/** A hundred visits of a day, and one of the day before. */
async function addFormerVisits(roomFolder: string): Promise<void> {
  const visits = Array.from({ length: 101 }, (_, n) => {
    const at = new Date(2026, 10, n < 100 ? 3 : 2, 20, 0, -n).toISOString();
    const key = `0193a5c0-0000-7000-8000-${String(n).padStart(12, '0')}`;
    return { key, visit: key, began_at: at, ended_at: at, snapshot_count: 0, snapshots: [] };
  });
  await mkdir(roomFolder, { recursive: true });
  await writeFile(join(roomFolder, 'visits.json'), JSON.stringify(visits));
}

/** Opens the viewer, leafs with keys and buttons, downloads a picture, and closes it. */
async function leafThrough(page: Page): Promise<void> {
  await until('there are two snapshots', 60, async () => (await page.locator('.thumb').count()) > 1);
  await page.locator('.thumb').first().click();
  const picture = page.locator('dialog img');
  await picture.waitFor();
  expect(await picture.evaluate((image: { naturalWidth: number }) => image.naturalWidth)).toBe(640);
  const first = await picture.getAttribute('src');
  await page.keyboard.press('ArrowRight');
  await until('the next snapshot is shown', 20, async () => (await picture.getAttribute('src')) !== first);
  await page.keyboard.press('ArrowLeft');
  await until('the first is shown again', 20, async () => (await picture.getAttribute('src')) === first);
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('Path in the archive').click();
  await page.getByText(/^\/hall\/.*\.jpg$/).waitFor();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download' }).click();
  expect((await download).suggestedFilename()).toMatch(/^hall-.*\.jpg$/);
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await picture.waitFor({ state: 'hidden' });
}

test('a visit appears with its snapshot and the result of its upload; the page reconnects to a restarted detector', async () => {
  const { url, settings, detector, start } = await scene(addFormerVisits);
  startRoomwatch(['upload'], settings);
  const { page } = await openTab();
  await logIn(page, url);
  await show(page, 'Visits');
  const snapshot = page.locator('.visit .snapshots li').first();
  await snapshot.getByText('uploaded').waitFor();
  await page.locator('.visit .labels', { hasText: 'person' }).first().waitFor();
  const cards = page.locator('.visit');
  expect(await cards.count()).toBeLessThan(80);
  await leafThrough(page);
  await until('the end of the list is loaded', 60, async () => {
    await page.mouse.wheel(0, 20_000);
    return page.getByText(oldestTime).isVisible();
  });
  await page.getByLabel('Day').fill('2026-11-02');
  await until('only one day is shown', 20, async () => (await cards.count()) === 1);
  await page.getByRole('button', { name: 'All days' }).click();

  const gone = once(detector, 'exit');
  detector.kill('SIGKILL');
  await gone;
  await page.getByText('No answer from the detector').waitFor();
  await start();
  await page.getByText('No answer from the detector').waitFor({ state: 'hidden' });
  await snapshot.getByText('uploaded').waitFor();
  await show(page, 'Live');
  await pictureMoves(page);
}, 180_000);

test.each([
  [
    'a phone in dark mode',
    { viewport: { width: 360, height: 740 }, colorScheme: 'dark', isMobile: true, hasTouch: true },
  ],
  ['a desktop in light mode', { viewport: { width: 1280, height: 800 }, colorScheme: 'light' }],
] as const)(
  '%s: everything fits, axe-core finds no problem',
  async (_what, options) => {
    const { url } = await scene();
    const { page, complaints } = await openTab(options);
    await page.goto(url);
    expect(await violations(page)).toEqual([]);
    await logIn(page, url);
    for (const name of pages) {
      await show(page, name);
      await page.getByRole('heading', { level: 2 }).first().waitFor();
      if (name === 'Tune') await page.getByRole('button', { name: 'Add a rectangle' }).click();
      if (name === 'Visits') await page.locator('.thumb img').first().waitFor();
      await page.evaluate('scrollTo(0, 0)');
      expect(await violations(page), name).toEqual([]);
      const wider = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      expect(wider, name).toBe(0);
    }
    expect(complaints).toEqual([]);
  },
  120_000,
);

test('twenty viewers, half of them stuck, neither slow down the frames nor fill the memory', async () => {
  const { port, state } = await scene();
  const watch = (reads: boolean) => {
    const socket = connect(port, '127.0.0.1');
    socket.write(`GET /live.mjpg HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: ${authorization}\r\n\r\n`);
    onTestFinished(() => void socket.destroy());
    if (reads) socket.resume();
    else socket.pause();
    return socket;
  };
  const readers = Array.from({ length: 10 }, () => watch(true));
  for (let viewer = 0; viewer < 10; viewer++) watch(false);
  await until('every reader receives pictures', 30, () =>
    Promise.resolve(readers.every((socket) => socket.bytesRead > 100_000)),
  );
  const before = (await state()).health;
  await until('150 frames later', 60, async () => (await state()).health.frames > before.frames + 150);
  const after = (await state()).health;
  expect(after.dropped_frames - before.dropped_frames).toBeLessThan(30);
  expect(after.rss_bytes - before.rss_bytes).toBeLessThan(30e6);
}, 120_000);
