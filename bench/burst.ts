import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import mqtt from 'mqtt';
import { generate, type IPublishPacket } from 'mqtt-packet';
import type { RoomStatus } from '../src/domain/contract/payloads.js';
import { freePort } from '../test/support/free-port.js';
import { visitsClip } from './bench-clips.js';
import { heldBy } from './proc.js';

type Needs = { readonly folder: string; readonly brokerUrl: string; progress(words: string): void };
type Qos = 0 | 1;

/** of commands, and of messages with settings */
const messages = 30_000;
const seconds = 30;
const askEverySeconds = 2;

/**
 * Lets a stranger send 30,000 commands and 30,000 settings to a detector, as fast as the broker takes them. The greatest
 * delay of a room status at a subscriber in ms and the greatest RSS of the detector in MB: in the time before, in which
 * pictures are asked for now and then, and in the time from the beginning of the burst on.
 */
export async function measureBurst(qos: Qos, { folder, brokerUrl, progress }: Needs) {
  const room = `burst-${qos}`;
  const conf = join(folder, `${room}.json`);
  const settings = {
    room,
    data_dir: join(folder, room),
    camera: { source: join(process.cwd(), visitsClip(240, { period: 4, moving: 1.6 }).path) },
    motion: { min_motion_frames: 3 },
    occupancy: { vacancy_seconds: 1 },
    recognition: { occupied_by: ['anything'] },
    mqtt: { url: brokerUrl },
    http: { port: await freePort() },
    log: { level: 'warn' },
  };
  writeFileSync(conf, JSON.stringify(settings));
  let late = 0;
  let latest = '';
  const listener = await mqtt.connectAsync(brokerUrl);
  listener.on('message', (_topic, payload, { retain }) => {
    const { at } = JSON.parse(payload.toString()) as RoomStatus;
    // `announce` publishes the same status again.
    if (!retain && at !== latest) late = Math.max(late, Date.now() - Date.parse(at));
    latest = at;
  });
  await listener.subscribeAsync(`roomwatch/${room}/room-status`, { qos: 1 });

  const detector = spawn(process.execPath, ['dist/cli.js', 'detect', '--conf', conf], { stdio: 'inherit' });
  // What starting costs counts for neither.
  await pause(10_000);
  [late, latest] = [0, ''];
  let rss = 0;
  const looking = setInterval(() => (rss = Math.max(rss, heldBy(detector.pid).rssMb)), 20);
  const asking = setInterval(() => listener.publish(`roomwatch/${room}/command`, 'snapshot'), askEverySeconds * 1000);
  progress(`burst, QoS ${qos}: ${2 * seconds} s`);
  await pause(seconds * 1000);
  clearInterval(asking);
  const before = { late, rss };
  [late, rss] = [0, 0];
  await flood(new URL(brokerUrl), room, qos);
  await pause(seconds * 1000);
  clearInterval(looking);
  detector.kill('SIGTERM');
  await once(detector, 'exit');
  await listener.endAsync();
  return { before, after: { late, rss } };
}

/** Sends the packets as bytes, without waiting for an answer: a client library would be slower than the detector. */
async function flood({ hostname, port }: URL, room: string, qos: Qos): Promise<void> {
  const publish = (topic: string, payload: string, messageId: number) => {
    const packet: IPublishPacket = { cmd: 'publish', topic, payload, qos, messageId, retain: false, dup: false };
    return generate(packet);
  };
  const packets = Array.from({ length: messages }, (_, n) => [
    publish(`roomwatch/${room}/command`, n % 2 === 0 ? 'announce' : 'snapshot', 1 + n),
    publish(`roomwatch/${room}/settings/set`, JSON.stringify({ delta_thresh: 5 + (n % 3) }), 1 + messages + n),
  ]);
  const hello = generate({ cmd: 'connect', clientId: `stranger-${qos}`, clean: true, protocolVersion: 4 });
  const socket = connect(Number(port), hostname).resume();
  await new Promise<void>((resolve) => socket.write(Buffer.concat([hello, ...packets.flat()]), () => resolve()));
  // The broker reads what has arrived before it takes note of the end.
  socket.end();
}
