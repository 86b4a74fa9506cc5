import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runDetector } from '../../src/detector/detector.js';
import type { Log } from '../../src/runtime/log.js';
import { startClockCamera } from '../support/camera-servers.js';
import { configOf } from '../support/config-file.js';
import { freePort } from '../support/free-port.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

test('snapshots come from camera.snapshot_source, turned as the camera hangs; without it from camera.source, and health says so', async () => {
  const [sub, main] = await Promise.all([startClockCamera(240, 136, 10), startClockCamera(960, 544, 15)]);
  onTestFinished(() => Promise.all([sub.close(), main.close()]).then(() => undefined));
  const dataDir = temporaryFolder();
  const port = await freePort();
  const settings = { room: 'hall', data_dir: dataDir, mqtt: { url: 'mqtt://127.0.0.1:1' }, http: { port } };
  const camera = {
    source: `rtsp://127.0.0.1:${sub.port}/cam`,
    snapshot_source: `rtsp://127.0.0.1:${main.port}/cam`,
    ...{ rotation: 90, warmup_seconds: 1, stall_seconds: 2 },
  };
  // The columns that flicker are motion.
  const rest = { camera, motion: { detector: 'tutorial', min_area: 100 }, snapshots: { min_upload_seconds: 0.5 } };
  const config = configOf(JSON.stringify({ ...settings, ...rest }), {}, 'conf.json');
  const lines: string[] = [];
  const line = (_fields: unknown, words?: string) => void lines.push(words ?? '');
  const log = { trace: line, debug: line, info: line, warn: line, error: line, fatal: line } as unknown as Log;
  const stop = new AbortController();
  const running = runDetector(config, log, stop.signal, { configuration: [], logLines: () => [] });
  const outbox = join(dataDir, 'rooms', 'hall', 'outbox');
  const sizes = () =>
    [...(existsSync(outbox) ? readFileSync(outbox, 'utf8') : '').matchAll(/"width":(\d+),"height":(\d+)/g)].map(
      ([, width, height]) => `${width}x${height}`,
    );
  const health = async () => (await (await fetch(`http://127.0.0.1:${port}/healthz`)).json()) as object;
  try {
    await until('a fine picture is stored', 60, () => Promise.resolve(sizes().includes('544x960')));
    expect(await health()).toMatchObject({ snapshot_source: { ok: true } });
    await main.close();
    await until('the small picture is stored', 60, () => Promise.resolve(sizes().includes('136x240')));
    await until('the stream is lost', 30, async () => JSON.stringify(await health()).includes('ECONNREFUSED'));
    expect(await health()).toMatchObject({ camera: { ok: true }, snapshot_source: { ok: false } });
    expect(lines.filter((words) => words.startsWith('snapshots are of camera.source')).length).toBeLessThanOrEqual(2);
  } finally {
    stop.abort();
    await running;
  }
}, 180_000);
