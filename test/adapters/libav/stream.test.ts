import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { LoginRefusedError } from '../../../src/adapters/camera/trouble.js';
import { openStream, type Transport } from '../../../src/adapters/libav/stream.js';
import { startRtspServer } from '../../support/camera-servers.js';
import { freePort } from '../../support/free-port.js';
import { startHttpCamera } from '../../support/http-camera.js';
import { startRefusingCamera } from '../../support/refusing-camera.js';

const closing: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of closing.splice(0).reverse()) await one.close();
});
function later<Closable extends { close(): unknown }>(one: Closable): Closable {
  closing.push(one);
  return one;
}
const never = new AbortController().signal;
const open = (source: string, transport: Transport = 'auto') =>
  openStream(source, { transport, patienceSeconds: 5 }, never);

/** Opens a stream and takes three frames. */
async function watch(source: string, transport?: Transport) {
  const connection = later(await open(source, transport));
  for (let n = 0; n < 3; n++) {
    expect(await connection.grab()).toBe(true);
    connection.take().release();
  }
  return [connection.width, connection.height];
}

/** ffmpeg as the camera. */
function send(...args: string[]) {
  const input = ['-v', 'error', '-re', '-stream_loop', '-1', '-i', 'assets/sample.mp4', '-c:v', 'copy', '-an'];
  const ffmpeg = spawn('ffmpeg', [...input, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  later({ close: () => ffmpeg.kill('SIGKILL') });
  return ffmpeg;
}

test.each([
  ['401 Unauthorized', 'refuses this user name or password (401): correct them; the next attempt is in minutes'],
  ['403 Forbidden', 'refuses this user name or password (403)'],
  ['404 Stream Not Found', 'has no such stream (404): check the path'],
  ['453 Not Enough Bandwidth', 'has no place for one more viewer (453): end other programs that watch it'],
  ['503 Service Unavailable', 'has no place for one more viewer, or is not ready yet (503)'],
  ['461 Unsupported Transport', 'does not send over this transport (461): set camera.transport'],
  ['500 Internal Server Error', 'reports a fault of its own (500)'],
])('RTSP: the answer %s is told in words, without the password', async (status, words) => {
  const camera = later(await startRefusingCamera(status));
  const source = `rtsp://cam:hunter2hunter2@127.0.0.1:${camera.port}/s1`;
  const error: unknown = await open(source).catch((refused: unknown) => refused);
  expect(String(error)).toContain(`127.0.0.1:${camera.port} ${words}`);
  expect(String(error)).not.toContain('hunter2');
  expect(error instanceof LoginRefusedError).toBe(/^40[13]/.test(status));
});

test('RTSP: without a user name the message says where to write one', async () => {
  const camera = later(await startRefusingCamera('401 Unauthorized'));
  await expect(open(`rtsp://127.0.0.1:${camera.port}/s1`)).rejects.toThrow(
    'asks for a user name and a password (401): write them before the host',
  );
});

test('HTTP that libav reads: its status is told, too', async () => {
  const camera = later(await startHttpCamera((_request, response) => response.writeHead(404).end()));
  await expect(open(`http://127.0.0.1:${camera.port}/live.flv`)).rejects.toThrow('has no such stream (404)');
});

test('a camera that cannot be reached', async () => {
  const port = await freePort();
  await expect(open(`rtsp://u:hunter2@127.0.0.1:${port}/`)).rejects.toThrow(
    `127.0.0.1:${port} does not answer (ECONNREFUSED)`,
  );
  await expect(open('rtsp://no-such-camera.invalid/')).rejects.toThrow('write its IP address');
});

test.each(['auto', 'udp'] as const)(
  'RTSP from a camera that sends over UDP only, with transport %s',
  async (transport) => {
    const server = later(await startRtspServer('assets/sample.mp4', 0, 'udp'));
    expect(await watch(`rtsp://127.0.0.1:${server.port}/cam`, transport)).toEqual([640, 480]);
  },
);

test('tcp:// from a server with one place for a client', async () => {
  const server = createServer((socket) => {
    server.close();
    send('-f', 'mpegts', '-').stdout.pipe(socket.on('error', () => {}));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  expect(await watch(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`)).toEqual([640, 480]);
});

test('udp://, joined in mid-stream', async () => {
  const port = await freePort();
  send('-f', 'mpegts', `udp://127.0.0.1:${port}`);
  expect(await watch(`udp://127.0.0.1:${port}`)).toEqual([640, 480]);
}, 20_000);

test('a stream that is joined between key frames is waited for, beyond the patience, while packets come', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'roomwatch-'));
  later({ close: () => rmSync(dir, { recursive: true }) });
  const film = join(dir, 'rare-key-frames.ts');
  const codec = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '40', '-sc_threshold', '0'];
  execFileSync('ffmpeg', [
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    'testsrc=size=320x240:rate=10:duration=9',
    ...codec,
    film,
  ]);
  const all = readFileSync(film);
  // Without the first key frame; then the rest of its group within three seconds.
  const packets = Array.from({ length: Math.floor(all.length / 188) }, (_, n) => all.subarray(188 * n, 188 * n + 188));
  const tables = packets.slice(0, 3);
  const rest = packets.slice(Math.floor(packets.length / 6));
  const server = createServer((socket) => {
    socket.on('error', () => {});
    const bytes = Buffer.concat([...tables, ...rest]);
    const piece = Math.ceil(bytes.length / 80);
    let at = 0;
    const timer = setInterval(() => socket.write(bytes.subarray(at, (at += piece))), 100);
    later({ close: () => clearInterval(timer) });
  }).listen(0, '127.0.0.1');
  later(server);
  await once(server, 'listening');
  const source = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connection = later(await openStream(source, { transport: 'auto', patienceSeconds: 0.5 }, never));
  expect([connection.width, connection.height]).toEqual([320, 240]);
}, 20_000);

test('a codec that cannot be decoded, and sound without video, are told', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'roomwatch-'));
  later({ close: () => rmSync(dir, { recursive: true }) });
  const sound = join(dir, 'sound.ts');
  execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'sine=d=2', '-c:a', 'mp2', sound]);
  await expect(open(`file:${sound}`)).rejects.toThrow('sends no video, perhaps sound only');
  const film = readFileSync('assets/sample.mp4');
  film.write('zzzz', film.indexOf('avc1', film.indexOf('stsd')), 'latin1');
  writeFileSync(join(dir, 'film.mp4'), film);
  await expect(open(`file:${join(dir, 'film.mp4')}`)).rejects.toThrow(
    'sends video in an unknown format, which cannot be decoded here: set the camera to H.264, H.265 or MJPEG',
  );
});
