import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { connectAsync } from 'mqtt';
import { describe, expect, onTestFinished, test } from 'vitest';
import { pause } from '../../src/async/pause.js';
import { createRandom } from '../chaos/random.js';
import { freePort } from '../support/free-port.js';
import { startNode } from '../support/node-process.js';
import { childrenOf, commandLineOf } from '../support/proc.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const cli = join(import.meta.dirname, '../../dist/cli.js');

type Line = { readonly name: string; readonly msg: string };

/** Runs `roomwatch start` on the bundled clip, with everything else its own. */
async function start(env: Record<string, string> = {}) {
  const directory = temporaryFolder();
  const port = await freePort();
  const child = startNode([cli, 'start'], {
    cwd: directory,
    detached: true,
    env: {
      ...process.env,
      ROOMWATCH_BROKER_EMBEDDED: 'true',
      ROOMWATCH_BROKER_PORT: String(port),
      ROOMWATCH_HTTP_PORT: String(await freePort()),
      ROOMWATCH_CAMERA_LOOP: 'true',
      ROOMWATCH_CAMERA_WARMUP_SECONDS: '0.5',
      ROOMWATCH_OCCUPANCY_VACANCY_SECONDS: '2',
      ...env,
    },
  });
  onTestFinished(() => killGroup(child));
  const lines: Line[] = [];
  let wake = () => {};
  if (child.stderr !== null) {
    createInterface(child.stderr).on('line', (line) => {
      lines.push(JSON.parse(line) as Line);
      wake();
    });
  }
  /** Waits for the `times`-th line whose message contains the words. */
  const logged = async (words: string, times = 1): Promise<Line> => {
    for (;;) {
      const found = lines.filter(({ msg }) => msg.includes(words))[times - 1];
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  return { child, port, logged, lines };
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // All have ended, as they should.
  }
}

/** Whether any process of the group runs; the dead ones that nobody waits for do not count. */
function groupRuns({ pid }: ChildProcess): boolean {
  return readdirSync('/proc').some((entry) => {
    if (!/^\d+$/.test(entry)) return false;
    try {
      // proc(5): pid (name) state ppid pgrp …
      const [state, , group] = readFileSync(`/proc/${entry}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      return Number(group) === pid && state !== 'Z';
    } catch {
      return false;
    }
  });
}

/** The processes that a process has started, by their `roomwatch` command. */
function processesOf(pid: number | undefined): Map<string, number> {
  return new Map(childrenOf(pid).map((one) => [commandLineOf(one)[2] ?? '', one]));
}

async function gone(pids: Iterable<number>): Promise<void> {
  const deadline = performance.now() + 5000;
  while ([...pids].some((pid) => existsSync(`/proc/${pid}`))) {
    if (performance.now() > deadline) throw new Error('a process is still running');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Collects every retained message and every later one, as `topic payload`. */
async function listen(port: number) {
  const received: string[] = [];
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`);
  onTestFinished(() => void client.end(true));
  client.on('message', (topic, payload) => received.push(`${topic} ${String(payload)}`));
  await client.subscribeAsync('roomwatch/#', { qos: 1 });
  return received;
}

describe('roomwatch start', () => {
  test('logs what happens, and after SIGTERM every process publishes offline within 5 s', async () => {
    const { child, port, logged, lines } = await start();
    expect((await logged('mosquitto_sub')).msg).toContain(`mosquitto_sub -v -p ${port} -t 'roomwatch/#'`);
    await logged('room occupied');
    await logged('snapshot archived');
    await logged('room unoccupied');
    expect(new Set(lines.map(({ name }) => name))).toEqual(new Set(['start', 'broker', 'detector', 'uploader']));
    const received = await listen(port);
    const children = processesOf(child.pid);
    expect([...children.keys()].sort()).toEqual(['broker', 'detect', 'upload']);
    const end = once(child, 'exit');
    const began = performance.now();
    child.kill('SIGTERM');
    expect(await end).toEqual([0, null]);
    expect(performance.now() - began).toBeLessThan(5000);
    await gone(children.values());
    const offline = received.filter((line) => line.endsWith('availability offline'));
    expect(offline).toEqual([
      'roomwatch/room/availability offline',
      'roomwatch/uploaders/uploader/availability offline',
    ]);
  }, 120_000);

  test('stops the processes in order after Ctrl-C, which reaches all of them at once', async () => {
    const { child, port, logged } = await start();
    await logged('snapshot archived');
    const received = await listen(port);
    const children = processesOf(child.pid);
    const end = once(child, 'exit');
    process.kill(-(child.pid ?? 0), 'SIGINT');
    expect(await end).toEqual([0, null]);
    await gone(children.values());
    expect(received.filter((line) => line.endsWith('availability offline'))).toHaveLength(2);
  }, 120_000);

  test('leaves no process behind when it is killed', async () => {
    const { child, logged } = await start();
    await logged('snapshot archived');
    const children = processesOf(child.pid);
    child.kill('SIGKILL');
    await gone(children.values());
  }, 120_000);

  // ORPHANS=50 kills it fifty times.
  test('leaves no process behind when it is killed at any moment of its start', async () => {
    const random = createRandom(Number(process.env['SEED'] ?? 8));
    for (let kills = Number(process.env['ORPHANS'] ?? 6); kills > 0; kills--) {
      const { child } = await start();
      await pause(random.between(0.15, 0.9), new AbortController().signal);
      child.kill('SIGKILL');
      await until('every process of the group has ended', 10, () => Promise.resolve(!groupRuns(child)));
    }
  }, 600_000);

  test('starts a killed process again', async () => {
    const { child, logged, lines } = await start();
    await logged('snapshot archived');
    const backAgain = { upload: 'uploader started', detect: 'camera opened', broker: 'broker listens' };
    for (const [name, words] of Object.entries(backAgain)) {
      process.kill(processesOf(child.pid).get(name) ?? 0, 'SIGKILL');
      await logged(`${name} ended; starting it again`);
      await logged(words, 2);
    }
    const archived = lines.filter(({ msg }) => msg === 'snapshot archived').length;
    await logged('snapshot archived', archived + 1);
  }, 120_000);

  test('uses the password of the embedded broker in every process', async () => {
    const login = { ROOMWATCH_MQTT_USERNAME: 'me', ROOMWATCH_MQTT_PASSWORD: 'open sesame' };
    const { port, logged } = await start(login);
    expect((await logged('mosquitto_sub')).msg).toContain(`mosquitto_sub -v -p ${port} -u me -P … -t 'roomwatch/#'`);
    await logged('snapshot archived');
    await expect(connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0 })).rejects.toThrow(/bad username/i);
  }, 120_000);

  test('reports a port in use in one clear line, with status 1', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const { port } = other.address() as { port: number };
    const { child, lines } = await start({ ROOMWATCH_BROKER_PORT: String(port) });
    expect(await once(child, 'exit')).toEqual([1, null]);
    const ofBroker = lines.filter(({ name }) => name === 'broker').map(({ msg }) => msg);
    expect(ofBroker).toEqual([expect.stringContaining(`port ${port} is in use`)]);
  });

  test('ends with status 1 if the clip cannot be read', async () => {
    const { child, lines } = await start({ ROOMWATCH_CAMERA_SOURCE: '/nowhere/clip.mp4' });
    expect(await once(child, 'exit')).toEqual([1, null]);
    expect(lines.map(({ msg }) => msg).join('\n')).toContain('/nowhere/clip.mp4');
  }, 60_000);
});
