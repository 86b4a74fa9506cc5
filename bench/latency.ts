import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import mqtt from 'mqtt';
import type { MotionEvent, SnapshotReceipt, UploadResult } from '../src/domain/payloads.js';
import { openDropboxServer } from '../test/support/dropbox-server.js';
import { freePort } from '../test/support/free-port.js';
import { visitsClip } from './bench-clips.js';
import { startMeasured } from './measure.js';
import { quantile } from './statistics.js';

type Needs = { readonly folder: string; readonly brokerUrl: string; progress(words: string): void };

const seconds = 120;

/** Plays visits in real time through a detector and an uploader; milliseconds from the frame that decided to what came of it. */
export async function measureLatency({ folder, brokerUrl, progress }: Needs) {
  const clip = visitsClip(seconds);
  const dropbox = await openDropboxServer();
  const conf = join(folder, 'latency.json');
  const settings = {
    room: 'latency',
    data_dir: join(folder, 'latency'),
    camera: { source: clip.path },
    motion: { min_motion_frames: 3 },
    snapshots: { min_upload_seconds: 0.5 },
    occupancy: { vacancy_seconds: 1 },
    mqtt: { url: brokerUrl },
    http: { port: await freePort() },
    archive: { kind: 'dropbox' },
    dropbox: { access_token: 'access-token', api_url: dropbox.url },
    log: { level: 'warn' },
  };
  writeFileSync(conf, JSON.stringify(settings));

  const listener = await mqtt.connectAsync(brokerUrl);
  const events: number[] = [];
  const receipts: number[] = [];
  const archived: number[] = [];
  let startedAt = 0;
  const started: number[] = [];
  listener.on('message', (topic, payload) => {
    if (topic.endsWith('/availability')) return;
    const now = Date.now();
    const late = (instant: string) => now - Date.parse(instant);
    const message: unknown = JSON.parse(payload.toString());
    if (topic.endsWith('/room-status') && started.length === 0) started.push(now - startedAt);
    if (topic.endsWith('/motion')) events.push(late((message as MotionEvent).at));
    if (topic.endsWith('/snapshot')) receipts.push(late((message as SnapshotReceipt).taken_at));
    if (topic.endsWith('/upload')) {
      const { result, taken_at: takenAt, finished_at: finishedAt } = message as UploadResult;
      if (result === 'uploaded') archived.push(Date.parse(finishedAt) - Date.parse(takenAt));
    }
  });
  await listener.subscribeAsync('roomwatch/latency/+');

  progress(`latency: ${seconds} s of visits in real time`);
  const uploader = startMeasured([process.execPath, 'dist/cli.js', 'upload', '--conf', conf]);
  startedAt = Date.now();
  const detector = startMeasured([process.execPath, 'dist/cli.js', 'detect', '--conf', conf]);
  await new Promise((resolve) => setTimeout(resolve, (seconds + 5) * 1000));
  detector.stop();
  uploader.stop();
  await Promise.all([detector.cost, uploader.cost]);
  await listener.endAsync();
  await dropbox.close();
  return {
    events: summary(events),
    receipts: summary(receipts),
    archived: summary(archived),
    started: summary(started),
  };
}

function summary(values: readonly number[]) {
  const [median, p95, p99] = [0.5, 0.95, 0.99].map((share) => Math.round(quantile(values, share)));
  return { count: values.length, median, p95, p99 };
}
