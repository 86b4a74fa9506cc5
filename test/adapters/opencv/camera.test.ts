import { execFile, execFileSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { openOpencvCamera, type OpencvCameraOptions } from '../../../src/adapters/opencv/camera.js';
import { bundle, folderInCheckout } from '../../support/bundle.js';
import { collect } from '../../support/camera-events.js';
import { testFilm } from '../../support/test-film.js';
import { startMjpegServer, startRtspServer } from '../../support/camera-servers.js';

const closing: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of closing.splice(0)) await server.close();
});
function later<Server extends { close(): Promise<void> }>(server: Server): Server {
  closing.push(server);
  return server;
}

function open(source: string, changed: Partial<OpencvCameraOptions> = {}) {
  const options = {
    resolution: [640, 480],
    fps: 16,
    stallSeconds: 2,
    transport: 'auto',
    pace: 'realtime',
    loop: false,
  } as const;
  return (signal: AbortSignal) => openOpencvCamera({ ...options, source, ...changed }, signal);
}

test('MJPEG: frames at the rate asked; more than that are dropped and counted', async () => {
  const server = later(await startMjpegServer(50));
  let first = 0;
  let frames = 0;
  let dropped = 0;
  const source = `http://127.0.0.1:${server.port}/`;
  await collect(open(source, { fps: 10 }), (event, stop) => {
    if (event.kind !== 'frame') return;
    if (++frames === 1) first = event.at;
    dropped += event.dropped;
    expect([event.image.bgr().cols, event.image.bgr().rows]).toEqual([320, 240]);
    if (event.at - first > 2) stop();
  });
  expect(frames).toBeGreaterThan(15);
  expect(frames).toBeLessThan(24);
  expect(dropped).toBeGreaterThan(frames);
});

test('MJPEG: a camera that restarts within stall_seconds comes back with another size', async () => {
  const server = later(await startMjpegServer(20));
  let frames = 0;
  const source = `http://user:hunter2@127.0.0.1:${server.port}/`;
  const events = await collect(open(source, { stallSeconds: 20 }), (event, stop, before) => {
    if (event.kind === 'frame' && ++frames === 5) {
      // In this order nobody who is connected sees a picture of the new size.
      server.tell('send nothing');
      server.tell('hang up');
      server.tell('send 640x360');
    }
    if (event.kind === 'frame' && before.includes('resized')) stop();
  });
  expect(events.filter((event) => event.kind !== 'frame')).toMatchObject([
    { kind: 'opened', width: 320, height: 240 },
    { kind: 'resized', width: 640, height: 360 },
  ]);
  const last = events.at(-1);
  expect(last?.kind === 'frame' && [last.image.width, last.image.height]).toEqual([640, 360]);
  expect(server.connections()).toBeGreaterThan(1);
  expect(JSON.stringify(events)).not.toContain('hunter2');
});

test('MJPEG: a camera that is away longer than stall_seconds is lost, and comes back with another size', async () => {
  const server = later(await startMjpegServer(20));
  let frames = 0;
  const source = `http://user:hunter2@127.0.0.1:${server.port}/`;
  const events = await collect(open(source), (event, stop, before) => {
    if (event.kind === 'frame' && ++frames === 5) {
      server.tell('send nothing');
      server.tell('hang up');
    }
    if (event.kind === 'lost') server.tell('send 640x360');
    if (event.kind === 'frame' && before.includes('lost')) stop();
  });
  expect(events.filter((event) => event.kind !== 'frame')).toMatchObject([
    { kind: 'opened', width: 320, height: 240 },
    { kind: 'lost' },
    { kind: 'opened', width: 640, height: 360 },
  ]);
  expect(JSON.stringify(events)).not.toContain('hunter2');
});

test('MJPEG: a camera that goes silent is lost within stall_seconds, and found again', async () => {
  const server = later(await startMjpegServer(20));
  let silentAt = 0;
  let frames = 0;
  await collect(open(`http://127.0.0.1:${server.port}/`), (event, stop, before) => {
    if (event.kind === 'frame' && ++frames === 5) {
      server.tell('send nothing');
      silentAt = Date.now();
    }
    if (event.kind === 'lost' && silentAt > 0) {
      expect((Date.now() - silentAt) / 1000).toBeLessThan(2.5);
      server.tell('send 320x240');
    }
    if (event.kind === 'frame' && before.includes('lost')) stop();
  });
});

test('garbage is lost, and tried again without a tight loop', async () => {
  const server = later(await startMjpegServer(50));
  server.tell('send garbage');
  const events = await collect(open(`http://127.0.0.1:${server.port}/`), (event, stop) => {
    if (event.kind === 'lost') setTimeout(stop, 3000);
  });
  expect(events.some((event) => event.kind === 'frame')).toBe(false);
  expect(server.connections()).toBeGreaterThan(1);
  expect(server.connections()).toBeLessThan(12);
});

test('a camera that is not there at the start is found when it comes', async () => {
  const early = await startMjpegServer(20);
  const { port } = early;
  await early.close();
  const events = await collect(open(`http://127.0.0.1:${port}/`), async (event, stop) => {
    if (event.kind === 'lost') later(await startMjpegServer(20, port));
    if (event.kind === 'frame') stop();
  });
  expect(events).toMatchObject([
    { kind: 'lost', why: expect.stringContaining(`127.0.0.1:${port} does not answer (ECONNREFUSED)`) as string },
    { kind: 'opened' },
    { kind: 'frame' },
  ]);
});

test('RTSP: a server that stops answering is lost within stall_seconds, and found again', async () => {
  const server = later(await startRtspServer('assets/sample.mp4'));
  let stoppedAt = 0;
  let frames = 0;
  const source = `rtsp://user:hunter2@127.0.0.1:${server.port}/cam`;
  const events = await collect(open(source, { stallSeconds: 3 }), (event, stop, before) => {
    if (event.kind === 'frame' && ++frames === 8) {
      server.signal('SIGSTOP');
      stoppedAt = Date.now();
    }
    if (event.kind === 'lost' && stoppedAt > 0) {
      expect((Date.now() - stoppedAt) / 1000).toBeLessThan(3.6);
      server.signal('SIGCONT');
      stoppedAt = 0;
    }
    if (event.kind === 'frame' && before.includes('lost')) stop();
  });
  expect(events[0]).toMatchObject({ kind: 'opened', width: 640, height: 480 });
  expect(JSON.stringify(events)).not.toContain('hunter2');
});

test('RTSP: the reasons name no password', async () => {
  const mute = createServer();
  const sockets = new Set<Socket>();
  mute.on('connection', (socket) => sockets.add(socket.on('error', () => {})));
  mute.listen(0, '127.0.0.1');
  await once(mute, 'listening');
  const { port } = mute.address() as AddressInfo;
  const events = await collect(open(`rtsp://user:hunter2@127.0.0.1:${port}/cam`, { stallSeconds: 1 }), (_, stop) =>
    stop(),
  );
  expect(events).toMatchObject([{ kind: 'lost', why: `127.0.0.1:${port} does not answer (silent for 1 s)` }]);
  for (const socket of sockets) socket.destroy();
  mute.close();
});

test('a device that is not there says so', async () => {
  const events = await collect(open('/dev/video99'), (_, stop) => stop());
  expect(events).toMatchObject([
    { kind: 'lost', why: '/dev/video99 is not there: is the camera plugged in? (ls /dev/v4l/by-id)' },
  ]);
});

test('a pipe is a camera: lost while nobody writes to it, and opened again', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'roomwatch-'));
  const pipe = join(dir, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const film = testFilm(join(dir, 'film.ts'), 'testsrc=size=160x120', '-c:v', 'mpeg2video');
  let writer: ChildProcess | undefined;
  const events = await collect(open(pipe, { stallSeconds: 1 }), (event, stop) => {
    if (event.kind === 'lost') writer ??= execFile('sh', ['-c', 'cat "$0" > "$1"', film, pipe]);
    if (event.kind === 'frame') stop();
  });
  expect(events.slice(0, 2)).toMatchObject([
    { kind: 'lost', why: `the pipe ${pipe}: nothing was written for 1 s` },
    { kind: 'opened', width: 160, height: 120 },
  ]);
  writer?.kill();
  await rm(dir, { recursive: true });
});

test('a process stops in time while a read hangs', async () => {
  const server = later(await startMjpegServer(20));
  const dir = await folderInCheckout();
  const module = await bundle('src/adapters/opencv/camera.ts', dir);
  const options = { source: `http://127.0.0.1:${server.port}/`, resolution: [640, 480], fps: 16, stallSeconds: 10 };
  const program = `
    import { openOpencvCamera } from ${JSON.stringify(module)};
    const stop = new AbortController();
    for await (const event of openOpencvCamera(${JSON.stringify(options)}, stop.signal)) {
      if (event.kind === 'frame') setTimeout(() => stop.abort(), 500);
      if (event.kind === 'frame') console.log('frame');
    }
    process.exit(0);`;
  const child = promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
  let endsAt = 0;
  child.child.stdout!.once('data', () => {
    endsAt = Date.now();
    server.tell('send nothing');
  });
  await child;
  expect(Date.now() - endsAt).toBeLessThan(5500);
  await rm(dir, { recursive: true });
});
