// What the page costs its detector on 640x480 at 25 frames a second, of which 16 are judged: `npm run bench:page -- --rounds 5`.
// Before and after every slice with somebody who looks is one with nobody, and only these three are compared; a slice lasts as
// long as the clip's bar takes to come again. Prints a Markdown table.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createFrameBuffer } from '../src/domain/page/frame-buffer.js';
import { calm } from '../src/domain/motion/judgement.js';
import { initialRoom } from '../src/domain/room/step.js';
import { createMotionHistory } from '../src/domain/page/history.js';
import { createPageUpdater } from '../src/pipelines/detector/update-page.js';
import { freePort } from '../test/support/free-port.js';
import { visitsClip } from './bench-clips.js';
import { exactCpuMs, heldBy } from './proc.js';
import { shown, spread } from './statistics.js';

const { values } = parseArgs({ options: { rounds: { type: 'string' }, seconds: { type: 'string' } } });
const rounds = Number(values.rounds ?? 3);
const seconds = Number(values.seconds ?? 8);
const settleSeconds = 1;

/** Who looks, as the paths they keep open. */
const audiences = [
  ['the page open, no picture', ['/api/events']],
  ['one viewer of the picture on the page', ['/api/events', '/live.mjpg?view=picture']],
  ['one viewer of the picture without the page: all five a second', ['/live.mjpg?view=picture']],
  ['one viewer of the foreground', ['/api/events', '/live.mjpg?view=foreground']],
  ['20 viewers of the picture', Array.from({ length: 20 }, () => '/live.mjpg?view=picture')],
] as const;

const folder = mkdtempSync(join(tmpdir(), 'roomwatch-bench-'));
const brokerPort = await freePort();
const port = await freePort();
const conf = join(folder, 'conf.json');
const settings = {
  data_dir: join(folder, 'data'),
  camera: { source: visitsClip(60).path, loop: true },
  mqtt: { url: `mqtt://127.0.0.1:${brokerPort}` },
  http: { port, password: 'bench' },
  snapshots: { min_upload_seconds: 3600 },
  log: { level: 'warn' },
};
writeFileSync(conf, JSON.stringify(settings));
const broker = spawn('mosquitto', ['-p', String(brokerPort)], { stdio: 'ignore' });
const detector = spawn(process.execPath, ['dist/cli.js', 'detect', '--conf', conf], { stdio: 'inherit' });
const { pid } = detector;
// Compiled to the end, and the scene learned.
await pause(15_000);

type Slice = { readonly cost: number; readonly rate: number };
const nobody: Slice[] = [];
const watched = new Map<string, Slice[]>(audiences.map(([name]) => [name, []]));
let rss = 0;
let pictures = 0;
nobody.push(await slice([]));
for (let round = 0; round < rounds; round++) {
  for (const [name, paths] of audiences) {
    const before = nobody.at(-1)!.cost;
    const seen = await slice(paths);
    nobody.push(await slice([]));
    watched.get(name)?.push({ ...seen, cost: seen.cost - (before + nobody.at(-1)!.cost) / 2 });
  }
}
const quiet = spread(nobody.map(({ cost }) => cost));
const rows = [...watched].map(([name, slices]) => {
  const extra = spread(slices.map(({ cost }) => cost));
  const rate = spread(slices.map((one) => one.rate)).median;
  const each = rate === 0 ? '' : (extra.median / rate).toFixed(2);
  const percent = ((extra.median / quiet.median) * 100).toFixed(0);
  return `| ${name} | ${rate.toFixed(1)} | ${shown(extra, 1)} | ${percent} %, ${(extra.median / 10).toFixed(2)} % of a core | ${each} |`;
});
const head = [
  '| watched by | pictures a second | extra CPU ms a second | extra | ms a picture |',
  '|---|---|---|---|---|',
];
process.stdout.write(
  `${[...head, ...rows].join('\n')}\n\nnobody: ${shown(quiet, 1)} ms a second; greatest RSS ${rss.toFixed(0)} MB\n`,
);
process.stdout.write(`the page's part of a frame nobody watches: ${observeMicroseconds().toFixed(2)} µs\n`);

for (const child of [detector, broker]) {
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}
rmSync(folder, { recursive: true });

/** What the detector takes in ms a second, and pictures a second and viewer, with these paths open. */
async function slice(paths: readonly string[]): Promise<Slice> {
  const viewers = paths.map(watch);
  await pause(settleSeconds * 1000);
  const before = exactCpuMs(pid);
  const seen = pictures;
  await pause(seconds * 1000);
  const cost = (exactCpuMs(pid) - before) / seconds;
  const watching = paths.filter((path) => path.startsWith('/live')).length;
  const rate = (pictures - seen) / seconds / Math.max(1, watching);
  rss = Math.max(rss, heldBy(pid).rssMb);
  for (const viewer of viewers) viewer.destroy();
  return { cost, rate };
}

function watch(path: string): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('data', (data) => (pictures += data.toString('latin1').split('image/jpeg').length - 1));
  const authorization = `Basic ${Buffer.from(':bench').toString('base64')}`;
  socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: ${authorization}\r\n\r\n`);
  return socket;
}

/** The hook of the page in the frame loop, while nobody looks. */
function observeMicroseconds(): number {
  const nobody = new Set<never>();
  const observe = createPageUpdater<undefined>({
    history: createMotionHistory(),
    buffer: createFrameBuffer(
      { stepSeconds: 0.19, seconds: 120, bytes: 8e6 },
      { pack: (bytes) => bytes, unpack: (bytes) => bytes },
    ),
    recordsUnwatched: true,
    gray: () => undefined,
    render: () => Promise.resolve(new Uint8Array()),
    viewers: {
      wantedViews: () => nobody,
      sendPicture: () => undefined,
      listenerCount: () => 0,
      sendEvent: () => undefined,
    },
    clock: () => performance.now() / 1000,
    failed: () => undefined,
  });
  const room = initialRoom(0, { armed: true });
  const frames = 1_000_000;
  const begun = performance.now();
  for (let frame = 0; frame < frames; frame++) observe({ at: frame / 16, judgement: calm, room }, undefined);
  return ((performance.now() - begun) * 1000) / frames;
}
