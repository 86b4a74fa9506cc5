import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { connectAsync } from 'mqtt';
import { describe, expect, onTestFinished, test } from 'vitest';
import { freePort } from '../support/free-port.js';
import { startNode } from '../support/node-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

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
  /** Waits until a line says it, for the `times`-th time. */
  const said = async (words: string, times = 1): Promise<Line> => {
    for (;;) {
      const found = lines.filter(({ msg }) => msg.includes(words))[times - 1];
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  return { child, port, said, lines };
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // They are all gone, as they should be.
  }
}

/** The processes a process has started, by what `roomwatch` command they carry out. */
function childrenOf(pid: number | undefined): Map<string, number> {
  const pids = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
  return new Map(pids.map((one) => [readFileSync(`/proc/${one}/cmdline`, 'utf8').split('\0')[2] ?? '', one]));
}

async function gone(pids: Iterable<number>): Promise<void> {
  const deadline = performance.now() + 5000;
  while ([...pids].some((pid) => existsSync(`/proc/${pid}`))) {
    if (performance.now() > deadline) throw new Error('somebody is left behind');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Every retained word and every later one, as `topic payload`. */
async function listen(port: number) {
  const heard: string[] = [];
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`);
  onTestFinished(() => void client.end(true));
  client.on('message', (topic, payload) => heard.push(`${topic} ${String(payload)}`));
  await client.subscribeAsync('roomwatch/#', { qos: 1 });
  return heard;
}

describe('roomwatch start', () => {
  test('tells its story, and on SIGTERM everybody says goodbye within 5 s', async () => {
    const { child, port, said, lines } = await start();
    expect((await said('mosquitto_sub')).msg).toContain(`mosquitto_sub -v -p ${port} -t 'roomwatch/#'`);
    await said('room occupied');
    await said('snapshot archived');
    await said('room unoccupied');
    expect(new Set(lines.map(({ name }) => name))).toEqual(new Set(['start', 'broker', 'detector', 'uploader']));
    const heard = await listen(port);
    const children = childrenOf(child.pid);
    expect([...children.keys()].sort()).toEqual(['broker', 'detect', 'upload']);
    const end = once(child, 'exit');
    const began = performance.now();
    child.kill('SIGTERM');
    expect(await end).toEqual([0, null]);
    expect(performance.now() - began).toBeLessThan(5000);
    await gone(children.values());
    const goodbyes = heard.filter((line) => line.endsWith('availability offline'));
    expect(goodbyes).toEqual([
      'roomwatch/room/availability offline',
      'roomwatch/uploaders/uploader/availability offline',
    ]);
  }, 120_000);

  test('Ctrl-C, which reaches every process at once, stops them in order', async () => {
    const { child, port, said } = await start();
    await said('snapshot archived');
    const heard = await listen(port);
    const children = childrenOf(child.pid);
    const end = once(child, 'exit');
    process.kill(-(child.pid ?? 0), 'SIGINT');
    expect(await end).toEqual([0, null]);
    await gone(children.values());
    expect(heard.filter((line) => line.endsWith('availability offline'))).toHaveLength(2);
  }, 120_000);

  test('nobody is left behind when it is killed', async () => {
    const { child, said } = await start();
    await said('snapshot archived');
    const children = childrenOf(child.pid);
    child.kill('SIGKILL');
    await gone(children.values());
  }, 120_000);

  test('what is killed comes back', async () => {
    const { child, said, lines } = await start();
    await said('snapshot archived');
    const backAgain = { upload: 'uploader started', detect: 'camera opened', broker: 'broker listens' };
    for (const [name, words] of Object.entries(backAgain)) {
      process.kill(childrenOf(child.pid).get(name) ?? 0, 'SIGKILL');
      await said(`${name} ended; starting it again`);
      await said(words, 2);
    }
    const archived = lines.filter(({ msg }) => msg === 'snapshot archived').length;
    await said('snapshot archived', archived + 1);
  }, 120_000);

  test('a port in use is said in one clear line, with status 1', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const { port } = other.address() as { port: number };
    const { child, lines } = await start({ ROOMWATCH_BROKER_PORT: String(port) });
    expect(await once(child, 'exit')).toEqual([1, null]);
    expect(lines.map(({ msg }) => msg)).toEqual([expect.stringContaining(`port ${port} is in use`)]);
  });

  test('a clip that cannot be read ends it with status 1', async () => {
    const { child, lines } = await start({ ROOMWATCH_CAMERA_SOURCE: '/nowhere/clip.mp4' });
    expect(await once(child, 'exit')).toEqual([1, null]);
    expect(lines.map(({ msg }) => msg).join('\n')).toContain('/nowhere/clip.mp4');
  }, 60_000);
});
