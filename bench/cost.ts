import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import mqtt from 'mqtt';
import type { RoomStatus } from '../src/domain/contract/payloads.js';
import { freePort } from '../test/support/free-port.js';
import type { BenchClip } from './bench-clips.js';
import { measure, startMeasured, type Cost } from './measure.js';

/** Everything a contestant needs to run once over the clip. */
export type Track = { readonly clip: BenchClip; readonly folder: string; readonly brokerUrl: string };

/** One way to watch the clip; answers milliseconds of CPU a frame and the RSS in bytes, undefined where it is not installed. */
export type Contestant = {
  readonly name: string;
  /** the greatest share of its CPU that the adaptive detector may take, where one is asked for */
  readonly atMost?: number;
  run(track: Track): Promise<{ readonly cpu: number; readonly rss: number } | undefined>;
};

const motionSeconds = 90;

/** In the order they run in, each round. */
export const contestants: readonly Contestant[] = [
  {
    name: "the tutorial's loop in Python",
    atMost: 0.25,
    run: async ({ clip }) =>
      perFrame(await measure(['/usr/bin/python3', 'bench/tutorial.py', clip.path, '--cost']), clip.frames),
  },
  { name: 'Motion', atMost: 0.6, run: runMotion },
  {
    name: 'decoding alone (ffmpeg, one thread)',
    atMost: 1.5,
    run: async ({ clip }) =>
      perFrame(
        await measure(['ffmpeg', '-v', 'error', '-threads', '1', '-i', clip.path, '-f', 'null', '-']),
        clip.frames,
      ),
  },
  // Nobody else on this list keeps a picture.
  { name: 'roomwatch detect, adaptive', run: (track) => runDetector(track, 'adaptive', 3600) },
  { name: 'roomwatch detect, tutorial', run: (track) => runDetector(track, 'tutorial', 3600) },
  { name: 'roomwatch detect, adaptive, a snapshot every 3 s', run: (track) => runDetector(track, 'adaptive', 3) },
];

/** Motion plays a file at its own speed and again from its start: it is given a time and judged by what fits into it. */
async function runMotion({ clip, folder }: Track) {
  if (!existsSync('/usr/bin/motion')) return undefined;
  const conf = join(folder, 'motion.conf');
  const lines = [
    'daemon off',
    'log_level 5',
    `netcam_url file://${join(process.cwd(), clip.path)}`,
    'width 768',
    'height 576',
    `framerate ${clip.fps}`,
    `target_dir ${folder}`,
    'picture_output off',
    'movie_output off',
    'stream_port 0',
    'webcontrol_port 0',
  ];
  writeFileSync(conf, `${lines.join('\n')}\n`);
  return perFrame(await measure(['motion', '-n', '-c', conf], { seconds: motionSeconds }), motionSeconds * clip.fps);
}

/** The whole process: clip in, messages out to Mosquitto, snapshots kept, HTTP up; ended once the clip is over. */
async function runDetector(
  { clip, folder, brokerUrl }: Track,
  detector: 'adaptive' | 'tutorial',
  min_upload_seconds: number,
) {
  const conf = join(folder, `${detector}.json`);
  const room = `${detector}-${process.hrtime.bigint().toString(36)}`;
  const settings = {
    room,
    data_dir: join(folder, room),
    camera: { source: clip.path, pace: 'fast' },
    motion: { detector },
    snapshots: { min_upload_seconds },
    mqtt: { url: brokerUrl },
    http: { port: await freePort() },
    log: { level: 'warn' },
  };
  writeFileSync(conf, JSON.stringify(settings));
  const listener = await mqtt.connectAsync(brokerUrl);
  const over = new Promise<void>((resolve) => {
    let seen = false;
    listener.on('message', (_, payload) => {
      const { reason } = JSON.parse(payload.toString()) as RoomStatus;
      seen ||= reason !== 'camera_lost';
      if (seen && reason === 'camera_lost') resolve();
    });
  });
  await listener.subscribeAsync(`roomwatch/${room}/room-status`);
  const running = startMeasured([process.execPath, 'dist/cli.js', 'detect', '--conf', conf]);
  await Promise.race([over, running.cost]);
  running.stop();
  const cost = await running.cost;
  await listener.endAsync();
  if (cost.status !== 0)
    throw new Error(`roomwatch detect ended with status ${cost.status}; BENCH_VERBOSE=1 shows why`);
  return perFrame(cost, clip.frames);
}

function perFrame({ cpuSeconds, rssBytes }: Cost, frames: number) {
  return { cpu: (cpuSeconds * 1000) / frames, rss: rssBytes };
}
