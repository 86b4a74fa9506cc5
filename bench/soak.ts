import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import mqtt from 'mqtt';
import { startMjpegServer } from '../test/support/camera-servers.js';
import { freePort } from '../test/support/free-port.js';
import { openMosquitto } from '../test/support/mosquitto.js';
import { visitsClip } from './bench-clips.js';
import { heldBy } from './proc.js';
import { compareHalves, type Sample } from './soak-verdict.js';

// A detector and an uploader for many minutes, on a camera that plays the same film over and over, with faults sprinkled in.
// Fails on a rising RSS, on handles, threads, files or spools that grow, on listeners that leak (Node warns), on a process that
// dies by itself, and on a snapshot that does not reach the archive. `npm run build` first; --minutes N (30), --seed N.
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '30' }, seed: { type: 'string' } } });
const minutes = Number(values.minutes);
let seed = Number(values.seed ?? Date.now() % 1e6);
const say = (words: string) => void process.stdout.write(`${words}\n`);
say(`${minutes} minutes, seed ${seed}`);
const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;

const folder = mkdtempSync(join(tmpdir(), 'roomwatch-soak-'));
const broker = await openMosquitto();
const camera = await startMjpegServer(12);
const film = `send ${visitsClip(32).path}`;
camera.tell(film);
const conf = join(folder, 'soak.json');
const settings = {
  room: 'soak',
  data_dir: join(folder, 'data'),
  camera: { source: `http://127.0.0.1:${camera.port}/`, stall_seconds: 3 },
  motion: { min_motion_frames: 3 },
  occupancy: { vacancy_seconds: 1 },
  // So few that old ones go all the time.
  snapshots: { min_upload_seconds: 1, max_megabytes: 1 },
  mqtt: { url: broker.url },
  http: { port: await freePort() },
  archive: { kind: 'folder', folder: join(folder, 'archive') },
  log: { level: 'warn' },
};
writeFileSync(conf, JSON.stringify(settings));

const receipts = new Set<string>();
const uploaded = new Set<string>();
const listener = mqtt.connect(broker.url, { clientId: 'soak-listener', clean: false, reconnectPeriod: 200 });
listener.subscribe(['roomwatch/soak/snapshot', 'roomwatch/soak/upload'], { qos: 1 });
listener.on('message', (topic, payload) => {
  const message = JSON.parse(payload.toString()) as { id: string; snapshot: string; result: string };
  if (topic.endsWith('/snapshot')) receipts.add(message.id);
  else if (message.result === 'uploaded') uploaded.add(message.snapshot);
});

const problems: string[] = [];
let stopping = false;
const detector = start('detect');
let uploader = start('upload');
const faults: Record<string, () => void | Promise<void>> = {
  'broker restarted': () => broker.restart('remembering'),
  'camera hung up': () => camera.tell('hang up'),
  'camera silent': async () => {
    camera.tell('send nothing');
    await pause(8000);
    camera.tell(film);
  },
  'camera sends garbage': async () => {
    camera.tell('send garbage');
    await pause(5000);
    camera.tell('hang up');
    camera.tell(film);
  },
  'uploader killed': async () => {
    const killed = uploader;
    uploader = undefined!;
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    uploader = start('upload');
  },
};

const samples: Sample[] = [];
const given = new Map<string, number>();
const endsAt = Date.now() + minutes * 60_000;
while (Date.now() < endsAt) {
  await pause(10_000);
  samples.push(sample());
  if (random() < 0.4) {
    const names = Object.keys(faults);
    const name = names[Math.floor(random() * names.length)]!;
    given.set(name, (given.get(name) ?? 0) + 1);
    await faults[name]!();
  }
  if (samples.length % 6 === 0) say(JSON.stringify({ minute: samples.length / 6, ...samples.at(-1) }));
}
await pause(15_000);
samples.push(sample());
problems.push(...compareHalves(samples));
const missing = [...receipts].filter((id) => !uploaded.has(id));
if (missing.length > 0) problems.push(`${missing.length} of ${receipts.size} snapshots were not archived`);
if (receipts.size < minutes) problems.push(`only ${receipts.size} snapshots in ${minutes} minutes`);
say(JSON.stringify({ faults: Object.fromEntries(given), snapshots: receipts.size, archived: uploaded.size }));

stopping = true;
for (const child of [detector, uploader]) {
  child.kill('SIGTERM');
  await once(child, 'exit');
}
await listener.endAsync();
await camera.close();
await broker.close();
rmSync(folder, { recursive: true, force: true });
for (const problem of problems) say(`FAILED: ${problem}`);
if (problems.length === 0) say('passed');
process.exitCode = problems.length === 0 ? 0 : 1;

function start(what: 'detect' | 'upload'): ChildProcess {
  const child = spawn(process.execPath, ['dist/cli.js', what, '--conf', conf], { stdio: ['ignore', 'ignore', 'pipe'] });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    if (process.env['SOAK_VERBOSE'] !== undefined) process.stderr.write(text);
    if (/MaxListenersExceeded|UnhandledPromise/.test(text)) problems.push(`${what}: ${text.trim()}`);
  });
  child.once('exit', (status, signal) => {
    if (!stopping && signal !== 'SIGKILL') problems.push(`${what} ended by itself: ${signal ?? status}`);
  });
  return child;
}

function sample(): Sample {
  const data = join(folder, 'data');
  const spools = [join(data, 'rooms', 'soak', 'outbox'), join(data, 'uploaders', 'uploader', 'queue')];
  const bytes = spools.reduce((sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0);
  return { detector: seen(detector), uploader: seen(uploader), files: filesIn(data), spoolKb: bytes / 1000 };
}

function seen({ pid }: ChildProcess) {
  return { ...heldBy(pid), handles: readdirSync(`/proc/${pid}/fd`).length };
}

function filesIn(directory: string): number {
  try {
    return readdirSync(directory, { recursive: true }).length;
  } catch {
    return 0;
  }
}
