import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import mqtt, { type MqttClient } from 'mqtt';
import { uploaderStatus, type UploaderStatus } from '../src/domain/contract/payloads.js';
import { newId } from '../src/runtime/ids.js';
import { signReceipt } from '../src/runtime/signed-receipt.js';
import { freePort } from '../test/support/free-port.js';
import { openMosquitto } from '../test/support/mosquitto.js';
import { cpuMs, heldBy } from './proc.js';
import { spread, type Spread } from './statistics.js';

type Needs = { readonly folder: string; readonly receipts: number; progress(words: string): void };

/** How a backlog drained; RSS in MB. */
export type Drain = {
  readonly takenInPerSecond: number;
  readonly archivedPerSecond: number;
  /** CPU milliseconds of the uploader for a picture */
  readonly cpu: number;
  readonly idle: number;
  /** in the second quarter of the time and in the last; the first is for warming up */
  readonly rss: readonly [Spread, Spread];
};

const secret = 'bench: a secret of more than thirty-two characters';
const picture = Buffer.alloc(50_000, 0x55);
const sha256 = createHash('sha256').update(picture).digest('hex');

/**
 * Receipts of 50 kB pictures wait in an uploader's queue while the detector is away, then it comes back. Real mosquitto,
 * a real uploader process with everything as it is by default, a folder as the archive.
 */
export async function measureDrain({ folder, receipts, progress }: Needs): Promise<Drain> {
  const broker = await openMosquitto(['max_queued_messages 0']);
  const detector = await openSnapshots();
  const client = await mqtt.connectAsync(broker.url, { protocolVersion: 5, reconnectPeriod: 100 });
  let status: UploaderStatus | undefined;
  client.on('message', (_, payload) => (status = uploaderStatus.parse(JSON.parse(payload.toString()))));
  await client.subscribeAsync('roomwatch/uploaders/uploader/status');

  const uploader = spawn(process.execPath, ['dist/cli.js', 'upload'], {
    stdio: ['ignore', 'ignore', process.env['BENCH_VERBOSE'] === undefined ? 'ignore' : 'inherit'],
    env: {
      PATH: process.env['PATH'],
      ROOMWATCH_MQTT_URL: broker.url,
      ROOMWATCH_DATA_DIR: join(folder, 'drain'),
      ROOMWATCH_ARCHIVE_FOLDER: join(folder, 'drain-archive'),
      ROOMWATCH_HTTP_SIGNING_SECRET: secret,
    },
  });
  const { pid } = uploader;
  const until = async (what: (now: UploaderStatus) => boolean): Promise<number> => {
    while (status === undefined || !what(status)) {
      if (uploader.exitCode !== null) throw new Error('the uploader ended by itself; BENCH_VERBOSE=1 shows why');
      await pause(20);
    }
    return performance.now() / 1000;
  };
  try {
    await until(() => true);
    const idle = heldBy(pid).rssMb;
    const announced = performance.now() / 1000;
    await announce(client, detector.origin, receipts);
    const takenIn = (await until(({ queued }) => queued === receipts)) - announced;
    progress(`drain: ${receipts} receipts taken in within ${takenIn.toFixed(1)} s`);

    detector.comeBack();
    // It is asked again after a pause that has grown; what is measured begins then.
    const begun = await until(({ uploaded }) => uploaded > 0);
    const before = status?.uploaded ?? 0;
    const cpuBefore = cpuMs(pid);
    const samples: number[] = [];
    const sampling = setInterval(() => samples.push(heldBy(pid).rssMb), 100);
    const seconds = (await until(({ queued, uploaded }) => queued === 0 && uploaded === receipts)) - begun;
    clearInterval(sampling);
    progress(`drain: ${receipts - before} pictures archived within ${seconds.toFixed(1)} s`);
    const quarter = Math.floor(samples.length / 4);
    return {
      takenInPerSecond: receipts / takenIn,
      archivedPerSecond: (receipts - before) / seconds,
      cpu: (cpuMs(pid) - cpuBefore) / (receipts - before),
      idle,
      rss: [spread(samples.slice(quarter, 2 * quarter)), spread(samples.slice(-quarter))],
    };
  } finally {
    if (uploader.exitCode === null && uploader.kill('SIGTERM')) await once(uploader, 'exit');
    await client.endAsync(true);
    detector.close();
    await broker.close();
  }
}

/** What a detector serves; refuses connections until it comes back. */
async function openSnapshots() {
  const port = await freePort();
  const server = createServer((_, response) => response.end(picture));
  return {
    origin: `http://127.0.0.1:${port}`,
    comeBack: () => void server.listen(port, '127.0.0.1'),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function announce(client: MqttClient, origin: string, receipts: number): Promise<void> {
  await Promise.all(
    Array.from({ length: receipts }, (_, n) => {
      const at = Date.now() / 1000 + n / 1000;
      const id = newId(at);
      const taken_at = new Date(at * 1000).toISOString();
      const rest = {
        visit: null,
        reason: 'motion' as const,
        width: 640,
        height: 480,
        regions: [],
        bytes: picture.length,
        sha256,
      };
      const facts = { id, room: 'kitchen', taken_at, ...rest };
      const receipt = signReceipt(facts, { publicUrl: origin, secret, expires: at + 3600 });
      return client.publishAsync('roomwatch/kitchen/snapshot', JSON.stringify(receipt), { qos: 1 });
    }),
  );
}
