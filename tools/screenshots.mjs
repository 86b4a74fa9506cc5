// `npm run docs:screenshots [FOLDER]` takes the documentation's pictures of the page anew: three rooms, each with a view of the
// bundled clip, in the real program. It needs ffmpeg and Chromium (or CHROMIUM=path), and takes about two minutes.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';

const root = join(import.meta.dirname, '..');
const target = process.argv[2] ?? join(root, 'docs', 'images');
const scratch = mkdtempSync(join(tmpdir(), 'roomwatch-screenshots-'));
const password = 'let-me-see';
/** What each camera sees of the clip. */
const views = {
  hall: 'null',
  office: 'hflip',
  stairs: 'crop=480:360:150:115,scale=640:480',
};
const desk = [[0.02, 0.4], [0.35, 0.4], [0.35, 0.98], [0.02, 0.98]]; // prettier-ignore
/** Long enough for a chart, several visits, and a rehearsal that says something. */
const rehearsedSeconds = 75;

mkdirSync(target, { recursive: true });
const url = `http://127.0.0.1:${await freePort()}/`;
const program = await startRooms(new URL(url).port);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
});
try {
  await takePictures();
} finally {
  await browser.close();
  program.kill('SIGTERM');
  await once(program, 'exit');
  rmSync(scratch, { recursive: true, force: true });
}

/** Starts a home of three rooms with its own broker, and waits until its page answers. */
async function startRooms(port) {
  for (const [room, filter] of Object.entries(views)) {
    const film = ['-i', join(root, 'assets', 'sample.mp4'), '-vf', filter, join(scratch, `${room}.mp4`)];
    execFileSync('ffmpeg', ['-v', 'error', ...film]);
  }
  const conf = join(scratch, 'home.json');
  const broker = await freePort();
  const rooms = Object.keys(views).map((room) => ({
    ...{ room, camera: { source: `${room}.mp4` } },
    ...(room === 'office' && { zones: [{ name: 'desk', polygon: desk }] }),
  }));
  const shared = {
    ...{ camera: { loop: true }, occupancy: { vacancy_seconds: 5 }, http: { port: Number(port), password } },
    ...{ broker: { embedded: true, port: broker }, mqtt: { url: `mqtt://127.0.0.1:${broker}` } },
  };
  writeFileSync(conf, JSON.stringify({ ...shared, rooms }));
  const child = spawn(process.execPath, [join(root, 'dist', 'cli.js'), 'start', '--conf', conf], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ROOMWATCH_LOG_LEVEL: 'warn' },
  });
  for (;;) {
    if (child.exitCode !== null) throw new Error(`roomwatch start ended with ${child.exitCode}`);
    if (await fetch(url).then(Boolean, () => false)) return child;
    await sleep(200);
  }
}

async function takePictures() {
  const page = await browser.newPage({ viewport: { width: 1200, height: 530 }, locale: 'en-GB' });
  page.setDefaultTimeout(180_000);
  await page.goto(url);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.locator('.room.occupied .people').nth(2).waitFor();
  await save(page, 'page-overview');

  await page.setViewportSize({ width: 1200, height: 740 });
  await page.getByRole('link', { name: 'office' }).click();
  await page.getByRole('link', { name: 'Tune' }).click();
  await page.waitForFunction(enoughRehearsed, rehearsedSeconds, { polling: 500 });
  await page.locator('.badge .people', { hasText: '2 people' }).waitFor();
  await save(page, 'page-tune', { fullPage: true });

  await page.getByRole('link', { name: 'Live' }).click();
  await page.locator('.badge .people', { hasText: '2 people' }).waitFor();
  await save(page, 'page-live');

  await page.getByRole('link', { name: 'Visits' }).click();
  await page.locator('.upload.uploaded').nth(4).waitFor();
  await page.waitForFunction(picturesLoaded);
  await save(page, 'page-visits');

  await page.getByRole('link', { name: 'All rooms' }).click();
  await page.getByRole('link', { name: 'Visits' }).click();
  for (const room of Object.keys(views)) await page.locator('.visit', { hasText: room }).first().waitFor();
  await page.waitForFunction(picturesLoaded);
  await save(page, 'page-all-visits');
}

/** Judges again until the rehearsal covers so many seconds. */
function enoughRehearsed(seconds) {
  const [text = ''] = [...document.querySelectorAll('.rehearsal [role=status]')].map((one) => one.textContent);
  const [, minutes = 0, rest = 0] = /^The last (?:(\d+) min)? ?(?:(\d+) s)?/.exec(text) ?? [];
  if (Number(minutes) * 60 + Number(rest) >= seconds) return true;
  document.querySelector('.rehearsal button:enabled')?.click();
  return false;
}

/** Whether the pictures in the window are there. */
function picturesLoaded() {
  const shown = [...document.querySelectorAll('.thumb img')].filter(
    (one) => one.getBoundingClientRect().top < innerHeight,
  );
  return shown.length > 4 && shown.every((one) => one.complete && one.naturalWidth > 0);
}

async function save(page, name, options = {}) {
  await page.mouse.move(0, 0);
  await sleep(500);
  const picture = join(scratch, `${name}.png`);
  await page.screenshot({ path: picture, ...options });
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', picture, '-quality', '82', join(target, `${name}.webp`)]);
  process.stdout.write(`${join(target, `${name}.webp`)}\n`);
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
