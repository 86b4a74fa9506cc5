import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../support/free-port.js';
import { connectListener } from '../support/listener.js';
import { openMosquitto } from '../support/mosquitto.js';
import { ending, startNode } from '../support/node-process.js';
import { childrenOf, commandLineOf } from '../support/proc.js';
import { cli, sampleClip } from '../support/roomwatch.js';
import { temporaryFolder } from '../support/temporary-folder.js';

type Room = { readonly room: string; readonly [key: string]: unknown };

/** A file with rooms, each with a clip of its own as its camera. */
async function writeHome(names: readonly string[]) {
  const folder = temporaryFolder();
  const file = join(folder, 'home.json');
  const broker = await openMosquitto();
  onTestFinished(() => broker.close());
  const port = await freePort();
  const roomOf = (room: string): Room => {
    copyFileSync(sampleClip, join(folder, `${room}.mp4`));
    return { room, camera: { source: `${room}.mp4` } };
  };
  const write = (rooms: readonly Room[]) => {
    const camera = { loop: true, fps: 4, warmup_seconds: 0 };
    const shared = {
      camera,
      mqtt: { url: broker.url },
      http: { port, password: 'open sesame' },
      archive: { folder: 'pictures' },
    };
    writeFileSync(file, JSON.stringify({ ...shared, rooms }));
  };
  write(names.map(roomOf));
  return { file, broker, port, roomOf, write };
}

/** Starts all rooms of the file. */
function start(file: string) {
  const child = startNode([cli, 'start', '--conf', file], { cwd: '/' });
  const lines: string[] = [];
  let wake = () => {};
  createInterface({ input: child.stderr! }).on('line', (line) => {
    lines.push((JSON.parse(line) as { msg: string }).msg);
    wake();
  });
  const logged = async (words: string) => {
    while (!lines.some((line) => line.includes(words))) await new Promise<void>((resolve) => (wake = resolve));
  };
  return { child, logged };
}

async function stop(child: ChildProcess): Promise<void> {
  const end = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await end).toEqual([0, null]);
}

/** The processes of a `start`, by the end of their command lines. */
function processesOf({ pid }: ChildProcess): Map<string, number> {
  return new Map(
    childrenOf(pid).map((one) => {
      const [, , command = '', , room = ''] = commandLineOf(one);
      return [command === 'detect' ? room : command, one];
    }),
  );
}

test('three rooms of one file run, are archived, and change while the others go on', async () => {
  const home = await writeHome(['kitchen', 'hall', 'attic']);
  const listener = await connectListener(home.broker.url, '#', {}, true);
  onTestFinished(() => void listener.client.end(true));
  const { child, logged } = start(home.file);
  for (const [index, room] of ['kitchen', 'hall', 'attic'].entries()) {
    const receipt = await listener.until(({ topic }) => topic === `roomwatch/${room}/snapshot`);
    expect(JSON.parse(receipt.payload)).toHaveProperty('url', expect.stringContaining(`:${home.port + 1 + index}/`));
    const result = await listener.until(({ topic }) => topic === `roomwatch/${room}/upload`);
    expect(JSON.parse(result.payload)).toHaveProperty('result', 'uploaded');
  }
  const before = processesOf(child);
  expect([...before.keys()].sort()).toEqual(['attic', 'hall', 'kitchen', 'page', 'recogniser', 'upload']);

  const rooms = ['kitchen', 'hall', 'attic', 'cellar'].map(home.roomOf);
  home.write([rooms[0]!, { ...rooms[1]!, occupancy: { vacancy_seconds: 9 } }, ...rooms.slice(2)]);
  child.kill('SIGHUP');
  await listener.until(({ topic, payload }) => topic === 'roomwatch/cellar/availability' && payload === 'online');
  await listener.until(
    ({ topic, payload }) => topic === 'roomwatch/hall/settings' && payload.includes('"vacancy_seconds":9'),
  );
  const after = processesOf(child);
  expect([...after.keys()].sort()).toEqual(['attic', 'cellar', 'hall', 'kitchen', 'page', 'recogniser', 'upload']);
  for (const name of ['kitchen', 'attic', 'page', 'recogniser', 'upload'])
    expect(after.get(name)).toBe(before.get(name));
  expect(after.get('hall')).not.toBe(before.get('hall'));

  home.write([...rooms, { room: 'kitchen' }]);
  child.kill('SIGHUP');
  await logged('nothing was changed: ');
  home.write(rooms.slice(0, 2));
  child.kill('SIGHUP');
  await listener.until(({ topic, payload }) => topic === 'roomwatch/attic/availability' && payload === 'offline');
  await listener.until(({ topic, payload }) => topic === 'roomwatch/cellar/availability' && payload === 'offline');
  expect(processesOf(child).get('kitchen')).toBe(before.get('kitchen'));

  await stop(child);
}, 120_000);

test('a room that cannot run does not stop the others', async () => {
  const home = await writeHome(['kitchen', 'hall']);
  home.write([home.roomOf('kitchen'), { room: 'hall', camera: { source: 'nowhere.mp4' } }]);
  const listener = await connectListener(home.broker.url, '#', {}, true);
  onTestFinished(() => void listener.client.end(true));
  const { child, logged } = start(home.file);
  await logged('detect hall ended; starting it again');
  await listener.until(({ topic }) => topic === 'roomwatch/kitchen/upload');
  await stop(child);
}, 60_000);

test('one room of a file is chosen with --room or ROOMWATCH_ROOM; without either, the names are listed', async () => {
  const home = await writeHome(['kitchen', 'hall']);
  const run = (args: readonly string[]) => ending(startNode([cli, ...args, '--conf', home.file]));
  expect(await run(['detect'])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('(kitchen, hall)') as string,
  });
  expect(await run(['detect', '--room', 'hal'])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('no room hal; it has kitchen, hall') as string,
  });
  expect(await run(['replay', sampleClip])).toMatchObject({ status: 2 });
  const { status, stdout } = await run(['check']);
  expect(status).toBe(0);
  expect(stdout.trim().split('\n')).toEqual([
    expect.stringMatching(/^camera kitchen ok {2}.* fps from .*\/kitchen\.mp4$/),
    expect.stringMatching(/^camera hall {4}ok {2}.* fps from .*\/hall\.mp4$/),
    expect.stringMatching(/^broker {9}ok {2}/),
    expect.stringMatching(/^archive {8}ok {2}\/.*\/pictures$/),
  ]);
  const listener = await connectListener(home.broker.url, '#', {}, true);
  onTestFinished(() => void listener.client.end(true));
  const env = { ...process.env, ROOMWATCH_ROOM: 'hall' };
  const child = startNode([cli, 'detect', '--conf', home.file], { env });
  await listener.until(({ topic, payload }) => topic === 'roomwatch/hall/availability' && payload === 'online');
  await stop(child);
}, 60_000);
