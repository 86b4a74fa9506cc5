import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../test/support/free-port.js';
import { tinyClip } from './bench-clips.js';
import { startMeasured } from './measure.js';
import { quantile } from './statistics.js';

type Needs = { readonly folder: string; readonly brokerUrl: string; progress(words: string): void };

/** So many frames is the detector's RSS looked at; the middle counts, since V8 takes and gives. */
const lookFrames = 10_000;
const lookEveryMs = 200;

/**
 * The detector's RSS in MB after the first 10,000 frames and after `frames`, and the greatest from then on, on a small clip
 * with visits that is played over and over; the uploader runs, so that nothing gathers. Somewhat more than half a
 * millisecond a frame: the million takes a quarter of an hour.
 */
export async function measureMemory(frames: number, { folder, brokerUrl, progress }: Needs) {
  const port = await freePort();
  const conf = join(folder, 'memory.json');
  const settings = {
    room: 'memory',
    data_dir: join(folder, 'memory'),
    camera: { source: tinyClip().path, pace: 'fast', loop: true },
    occupancy: { vacancy_seconds: 5 },
    snapshots: { max_megabytes: 5 },
    archive: { folder: join(folder, 'memory-archive') },
    mqtt: { url: brokerUrl },
    http: { port },
    log: { level: 'error' },
  };
  writeFileSync(conf, JSON.stringify(settings));
  const uploader = startMeasured([process.execPath, 'dist/cli.js', 'upload', '--conf', conf]);
  const detector = startMeasured([process.execPath, 'dist/cli.js', 'detect', '--conf', conf]);
  let ended = false;
  void detector.cost.then(() => (ended = true));
  const seen: { frames: number; rss: number }[] = [];
  try {
    while ((seen.at(-1)?.frames ?? 0) < frames + lookFrames) {
      if (ended) throw new Error('the detector ended by itself; BENCH_VERBOSE=1 shows why');
      await pause(lookEveryMs);
      const metrics = await fetch(`http://127.0.0.1:${port}/metrics`).then(
        (answer) => answer.text(),
        () => '',
      );
      const value = (name: string) => Number(new RegExp(`^${name}(?:{.*})? (\\S+)$`, 'm').exec(metrics)?.[1] ?? 0);
      const now = { frames: value('roomwatch_frames_total'), rss: value('process_resident_memory_bytes') / 1e6 };
      if (now.frames === 0) continue;
      seen.push(now);
      if (seen.length % 150 === 0) progress(`memory: ${now.frames} frames, ${now.rss.toFixed(0)} MB`);
    }
  } finally {
    detector.stop();
    uploader.stop();
    await Promise.all([detector.cost, uploader.cost]);
  }
  const middle = (from: number) => {
    const looked = seen.filter((one) => one.frames >= from && one.frames < from + lookFrames);
    return {
      frames: from,
      rss: quantile(
        looked.map(({ rss }) => rss),
        0.5,
      ),
    };
  };
  const greatest = Math.max(...seen.flatMap((one) => (one.frames < 10_000 ? [] : [one.rss])));
  return { early: middle(10_000), late: middle(frames), greatest };
}
