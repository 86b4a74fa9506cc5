import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../test/support/free-port.js';
import { startRtspServer } from '../test/support/camera-servers.js';
import { fineClip, roomClip } from './bench-clips.js';
import { cpuMs, pssMb } from './proc.js';

type Needs = { readonly folder: string; readonly brokerUrl: string; progress(words: string): void };

const settleSeconds = 40;
const measuredSeconds = 120;

/**
 * What `camera.snapshot_source` (1920x1080, 15 frames and 4 Mbit a second, RTSP over TCP) costs a detector that takes no snapshot:
 * per cent of a core, and MB. Two detectors run side by side, with and without it, on the same 640x480 stream of an empty room.
 */
export async function measureSnapshotSource({ folder, brokerUrl, progress }: Needs) {
  const camera = await startRtspServer(join(process.cwd(), roomClip('nobody').path));
  const main = await startRtspServer(join(process.cwd(), fineClip().path));
  const start = async (room: string, snapshot_source?: string) => {
    const conf = join(folder, `${room}.json`);
    const settings = {
      room,
      data_dir: join(folder, room),
      camera: { source: `rtsp://127.0.0.1:${camera.port}/cam`, transport: 'tcp', snapshot_source },
      mqtt: { url: brokerUrl },
      http: { port: await freePort() },
      log: { level: 'error' },
    };
    writeFileSync(conf, JSON.stringify(settings));
    return spawn(process.execPath, ['dist/cli.js', 'detect', '--conf', conf], { stdio: 'inherit' });
  };
  const detectors = [await start('coarse'), await start('fine', `rtsp://127.0.0.1:${main.port}/cam`)];
  const pids = detectors.map(({ pid }) => pid!);
  try {
    await pause(settleSeconds * 1000);
    progress(`snapshot_source: measuring for ${measuredSeconds} s`);
    const before = pids.map(cpuMs);
    await pause(measuredSeconds * 1000);
    const [without, withIt] = pids.map((pid, index) => (cpuMs(pid) - before[index]!) / measuredSeconds / 10);
    const [small, large] = pids.map(pssMb);
    return { without: without!, added: withIt! - without!, addedMb: large! - small! };
  } finally {
    await Promise.all(
      detectors.map((detector) => {
        const ended = once(detector, 'exit');
        detector.kill('SIGTERM');
        return ended;
      }),
    );
    await Promise.all([camera.close(), main.close()]);
  }
}
