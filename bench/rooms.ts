/**
 * Measures how many rooms one Mosquitto can serve: 100 rooms publish as detectors and uploaders do (docs/contract.md), more
 * often at each step, while one client subscribes like Home Assistant and one like an uploader. Prints a table, which
 * `docs/scaling.md` explains. Runs for about two minutes, all on 127.0.0.1.
 */
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import mqtt from 'mqtt';
import { roomTopics } from '../src/domain/contract/topics.js';
import { cpuMs, heldBy } from './proc.js';

const rooms = 100;
const seconds = 12;
/** visits a minute in each room; a busy kitchen has one in two minutes */
const steps = [0.5, 6, 60, 240, 480, 960, 1920];
/** After this time all messages of a step have arrived. */
const drainMs = 3000;
const picture = Buffer.alloc(50_000, 0x55);

const now = () => performance.timeOrigin + performance.now();

type Step = { visits: number };
/** `late` = not acknowledged by the broker at the end of the step. */
type Sent = { sent: number; late: number };

/** The rooms, in a process of their own. Every payload starts with the time it was sent. */
async function publishRooms(port: number): Promise<void> {
  const clients = await Promise.all(
    Array.from({ length: rooms }, (_, index) => {
      const will = {
        topic: `roomwatch/room${index}/availability`,
        payload: Buffer.from('offline'),
        qos: 1,
        retain: true,
      };
      return mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, {
        protocolVersion: 5,
        clientId: `room${index}`,
        clean: false,
        properties: { sessionExpiryInterval: 3600 },
        will: { ...will, qos: 1 },
      });
    }),
  );
  // The uploader's client is in this process and not with Home Assistant's, so that neither slows the other down.
  const uploader = await connect(port, 'uploader');
  let uploads = 0;
  uploader.on('message', () => (uploads += 1));
  await uploader.subscribeAsync('roomwatch/+/snapshot', { qos: 1 });
  process.send?.('ready');
  process.on('message', ({ visits }: Step) => {
    uploads = 0;
    void Promise.all(clients.map((client, index) => visit(client, index, visits))).then((all) => {
      const total = all.reduce((sum, one) => ({ sent: sum.sent + one.sent, late: sum.late + one.late }));
      process.send?.(total);
      setTimeout(() => process.send?.(uploads), drainMs);
    });
  });
}

const connect = (port: number, clientId: string) =>
  mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { protocolVersion: 5, clientId });

/** One room during one step. */
async function visit(client: mqtt.MqttClient, index: number, visits: number): Promise<Sent> {
  const topics = roomTopics('roomwatch', `room${index}`);
  const body = (bytes: number) => `${now().toFixed(3)} `.padEnd(bytes, '.');
  const interval = 60_000 / visits;
  let [sent, unanswered] = [0, 0];
  const publish = (topic: string, payload: string | Buffer, qos: 0 | 1, retain: boolean) => {
    sent += 1;
    unanswered += qos;
    client.publish(topic, payload, { qos, retain }, () => (unanswered -= qos));
  };
  const end = now() + seconds * 1000;
  // The rooms start at different times.
  for (let next = now() + (index / rooms) * interval; next < end; next += interval) {
    await pause(Math.max(0, next - now()));
    publish(topics.roomStatus, body(180), 1, true);
    publish(topics.motion, body(300), 1, false);
    publish(topics.snapshot, body(450), 1, false);
    publish(topics.image, picture, 0, true);
    publish(topics.upload, body(350), 1, false);
    publish(topics.motion, body(330), 1, false);
    publish(topics.roomStatus, body(180), 1, true);
    publish(topics.health, body(300), 0, false);
  }
  await pause(Math.max(0, end - now()));
  return { sent, late: unanswered };
}

/** Starts a Mosquitto that accepts everyone; resolves once it listens. */
async function startBroker(directory: string) {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  const lines = [`listener ${port} 127.0.0.1`, 'allow_anonymous true', 'max_packet_size 2000000', 'user root'];
  writeFileSync(join(directory, 'mosquitto.conf'), lines.join('\n') + '\n');
  const broker = spawn('mosquitto', ['-c', join(directory, 'mosquitto.conf')], { stdio: ['ignore', 'ignore', 'pipe'] });
  await once(broker.stderr, 'data');
  broker.stderr.resume();
  return { broker, port };
}

/** Subscribes to everything, like Home Assistant; `take` returns what arrived since it was last called. */
async function subscribeHome(port: number) {
  const client = await connect(port, 'home-assistant');
  let received = 0;
  let latencies: number[] = [];
  client.on('message', (topic, payload) => {
    received += 1;
    if (!topic.startsWith('roomwatch-image/')) latencies.push(now() - Number(payload.subarray(0, 17).toString()));
  });
  await client.subscribeAsync(['roomwatch/#', 'roomwatch-image/+'], { qos: 1 });
  return {
    client,
    received: () => received,
    take() {
      const taken = { received, latencies };
      received = 0;
      latencies = [];
      return taken;
    },
  };
}

type Home = Awaited<ReturnType<typeof subscribeHome>>;

/** Runs one step and returns its row of the table. */
async function measureStep(
  visits: number,
  home: Home,
  broker: ChildProcess,
  publishers: ChildProcess,
): Promise<string> {
  home.take();
  const before = [cpuMs(broker.pid), cpuMs(publishers.pid)] as const;
  const started = now();
  publishers.send({ visits });
  const [{ sent, late }] = (await once(publishers, 'message')) as [Sent];
  const wall = (now() - started) / 1000;
  const during = home.received();
  const { rssMb } = heldBy(broker.pid);
  const after = [cpuMs(broker.pid), cpuMs(publishers.pid)] as const;
  const [uploads] = (await once(publishers, 'message')) as [number];
  const { received, latencies } = home.take();
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? NaN).toFixed(1);
  const cpu = (index: 0 | 1) => ((after[index] - before[index]) / 10 / wall).toFixed(0);
  const rates = [sent / wall, during / wall].map((rate) => rate.toFixed(0));
  const lost = `${sent - received} / ${sent / 8 - uploads}`;
  const cells = [visits, ...rates, late, lost, at(0.5), at(0.99), at(0.99999), cpu(0), rssMb.toFixed(0), cpu(1)];
  return `| ${cells.join(' | ')} |\n`;
}

const columns = [
  'visits/min/room',
  'messages in/s',
  'messages out/s',
  'unanswered',
  'lost by home / uploader',
  'p50 ms',
  'p99 ms',
  'max ms',
  'broker CPU %',
  'broker MB',
  'rooms CPU %',
];

async function measure(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'roomwatch-rooms-'));
  const { broker, port } = await startBroker(directory);
  const home = await subscribeHome(port);
  const publishers = fork(fileURLToPath(import.meta.url), ['publish', String(port)]);
  await once(publishers, 'message');
  process.stdout.write(`| ${columns.join(' | ')} |\n`);
  process.stdout.write(`|${'---|'.repeat(columns.length)}\n`);
  for (const visits of steps) process.stdout.write(await measureStep(visits, home, broker, publishers));
  publishers.kill();
  home.client.end(true);
  broker.kill();
  await once(broker, 'exit');
  rmSync(directory, { recursive: true, force: true });
}

const [role, port] = process.argv.slice(2);
await (role === 'publish' ? publishRooms(Number(port)) : measure());
