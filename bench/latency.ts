import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import mqtt from 'mqtt';
import type { MotionEvent, SnapshotReceipt, UploadResult } from '../src/domain/contract/payloads.js';
import { openDropboxServer } from '../test/support/dropbox-server.js';
import { freePort } from '../test/support/free-port.js';
import { visitsClip } from './bench-clips.js';
import { startMeasured } from './measure.js';
import { quantile } from './statistics.js';

type Needs = { readonly folder: string; readonly brokerUrl: string; progress(words: string): void };

const seconds = 240;
/** Between two pictures that are asked for, beside those that the visits make; no multiple of a visit's time. */
const askEverySeconds = 1.3;

/**
 * Plays visits in real time through a detector and an uploader, and asks for pictures between; milliseconds from the frame
 * that decided to what came of it. The first picture after the start counts like every other.
 */
export async function measureLatency({ folder, brokerUrl, progress }: Needs) {
  const clip = visitsClip(seconds, { period: 4, moving: 1.6 });
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
    dropbox: { app_key: 'app-key', refresh_token: 'refresh-token', api_url: dropbox.url },
    log: { level: 'warn' },
  };
  writeFileSync(conf, JSON.stringify(settings));

  const listener = await mqtt.connectAsync(brokerUrl);
  const events: number[] = [];
  const receipts: number[] = [];
  const archived: number[] = [];
  listener.on('message', (topic, payload) => {
    const now = Date.now();
    const late = (instant: string) => now - Date.parse(instant);
    const message: unknown = JSON.parse(payload.toString());
    if (topic.endsWith('/motion')) events.push(late((message as MotionEvent).at));
    if (topic.endsWith('/snapshot')) receipts.push(late((message as SnapshotReceipt).taken_at));
    if (topic.endsWith('/upload')) {
      const { result, taken_at: takenAt, finished_at: finishedAt } = message as UploadResult;
      if (result === 'uploaded') archived.push(Date.parse(finishedAt) - Date.parse(takenAt));
    }
  });
  const topics = ['motion', 'snapshot', 'upload'].map((name) => `roomwatch/latency/${name}`);
  await listener.subscribeAsync(topics);

  progress(`latency: ${seconds} s of visits in real time`);
  const uploader = startMeasured([process.execPath, 'dist/cli.js', 'upload', '--conf', conf]);
  const detector = startMeasured([process.execPath, 'dist/cli.js', 'detect', '--conf', conf]);
  const asking = setInterval(() => {
    listener.publish('roomwatch/latency/command', 'snapshot', { qos: 1 });
  }, askEverySeconds * 1000);
  await pause((seconds + 5) * 1000);
  clearInterval(asking);
  detector.stop();
  uploader.stop();
  await Promise.all([detector.cost, uploader.cost]);
  await listener.endAsync();
  await dropbox.close();
  return {
    events: summary(events),
    receipts: summary(receipts),
    archived: summary(archived),
  };
}

function summary(values: readonly number[]) {
  const at = (share: number) => Math.round(quantile(values, share));
  return { count: values.length, median: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}
