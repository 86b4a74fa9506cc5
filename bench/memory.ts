import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../test/support/free-port.js';
import { tinyClip } from './bench-clips.js';
import { startMeasured } from './measure.js';

type Needs = { readonly folder: string; readonly brokerUrl: string; progress(words: string): void };

/** The detector's RSS in MB after the first 10,000 frames and after `frames`, on a small clip that is played over and over. */
export async function measureMemory(frames: number, { folder, brokerUrl, progress }: Needs) {
  const port = await freePort();
  const conf = join(folder, 'memory.json');
  const settings = {
    room: 'memory',
    data_dir: join(folder, 'memory'),
    camera: { source: tinyClip().path, pace: 'fast', loop: true },
    snapshots: { max_megabytes: 20 },
    mqtt: { url: brokerUrl },
    http: { port },
    log: { level: 'error' },
  };
  writeFileSync(conf, JSON.stringify(settings));
  const detector = startMeasured([process.execPath, 'dist/cli.js', 'detect', '--conf', conf]);
  const seen: { frames: number; rss: number }[] = [];
  try {
    while ((seen.at(-1)?.frames ?? 0) < frames) {
      await pause(1000);
      const metrics = await fetch(`http://127.0.0.1:${port}/metrics`).then(
        (answer) => answer.text(),
        () => '',
      );
      const value = (name: string) => Number(new RegExp(`^${name}(?:{.*})? (\\S+)$`, 'm').exec(metrics)?.[1] ?? 0);
      const now = { frames: value('roomwatch_frames_total'), rss: value('process_resident_memory_bytes') / 1e6 };
      if (now.frames === 0) continue;
      seen.push(now);
      if (seen.length % 30 === 0) progress(`memory: ${now.frames} frames, ${now.rss.toFixed(0)} MB`);
    }
  } finally {
    detector.stop();
    await detector.cost;
  }
  const early = seen.find((one) => one.frames >= 10_000) ?? seen[0]!;
  return { early, late: seen.at(-1)! };
}
