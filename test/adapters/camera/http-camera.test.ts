import { afterEach, expect, test } from 'vitest';
import { connectHttp } from '../../../src/adapters/camera/http-camera.js';
import { createPictureDecoder } from '../../../src/adapters/libav/decode-picture.js';
import { dialects, startHttpCamera, testJpegs } from '../../support/http-camera.js';

const closing: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of closing.splice(0).reverse()) await one.close();
});
function later<Closable extends { close(): unknown }>(one: Closable): Closable {
  closing.push(one);
  return one;
}
const rule = { fps: 50, patienceSeconds: 2 };
const never = new AbortController().signal;
const jpegs = testJpegs(9);

async function connect(url: URL) {
  return later((await connectHttp(url, rule, createPictureDecoder(), never))!);
}

test.each(Object.entries(dialects))('MJPEG with %s: one broken picture costs no other', async (name, dialect) => {
  const sent = name === 'no marker at the end' ? [...jpegs, ...jpegs] : jpegs;
  const camera = await startHttpCamera((_request, response) => {
    response.writeHead(200, dialect.type === '' ? {} : { 'content-type': dialect.type });
    const bytes = Buffer.concat(sent.map((jpeg, n) => dialect.part(jpeg, n)));
    // In pieces that end anywhere.
    for (let at = 0; at < bytes.length; at += 1777) response.write(bytes.subarray(at, at + 1777));
    response.end();
  });
  later(camera);
  const connection = await connect(camera.url);
  let pictures = 0;
  while (await connection.grab()) {
    const frame = connection.take();
    expect([frame.width, frame.height]).toEqual([320, 240]);
    frame.release();
    pictures++;
  }
  // Without marks, an end is known at the next beginning, and only after a while what the habit is.
  const expected = name.startsWith('a broken') ? 6 : name.startsWith('no marker') ? 12 : 9;
  expect(pictures).toBe(expected);
  expect(camera.requests).toHaveLength(1);
});

test('a still picture is asked for again and again, but is sent only where it has changed', async () => {
  let version = 0;
  const camera = await startHttpCamera((request, response) => {
    const etag = `"${(version = Math.min(2, version + 1))}"`;
    if (request.headers['if-none-match'] === etag) return void response.writeHead(304).end();
    response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': jpegs[version]!.length, etag });
    response.end(jpegs[version]);
  });
  later(camera);
  const connection = await connect(camera.url);
  for (let n = 0; n < 4; n++) {
    expect(await connection.grab()).toBe(true);
    connection.take().release();
  }
  expect(camera.requests.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"1"', '"2"', '"2"']);
  // Over one connection, twice a second at most.
  expect(camera.connections()).toBe(1);
});

test('without a length, and with Last-Modified, it works as well; a broken one is left out', async () => {
  const date = 'Wed, 21 Oct 2026 07:28:00 GMT';
  let requests = 0;
  const camera = await startHttpCamera((request, response) => {
    const broken = ++requests === 2;
    if (request.headers['if-modified-since'] === date && !broken) return void response.writeHead(304).end();
    response.writeHead(200, { 'content-type': 'image/jpg', 'last-modified': date });
    response.write(broken ? jpegs[0]!.subarray(0, 900) : jpegs[0]);
    response.end();
  });
  later(camera);
  const connection = await connect(camera.url);
  for (let n = 0; n < 2; n++) {
    expect(await connection.grab()).toBe(true);
    connection.take().release();
  }
  expect(camera.requests).toHaveLength(3);
});

const page = (body: string, type: string) => [200, { 'content-type': type }, body] as const;
test.each([
  [page('<!DOCTYPE html><html>', 'text/html'), 'answers with a web page, not with video'],
  [page('\n<html>', 'application/octet-stream'), 'answers with a web page, not with video'],
  [page('{"error":1}', 'application/json'), 'answers with text, not with video'],
  [page('', 'text/plain'), 'answers with nothing'],
  [page('x'.repeat(300_000), 'multipart/x-mixed-replace; boundary=x'), 'sends no JPEG pictures'],
  [[404, {}, ''] as const, 'has no such stream (404)'],
  [[503, {}, ''] as const, 'has no place for one more viewer'],
  [[401, { 'www-authenticate': 'Basic realm="x"' }, ''] as const, 'asks for a user name and a password (401)'],
  [[302, { location: '/video' }, ''] as const, 'redirects to another address again and again'],
])('%j: %s', async ([status, headers, body], words) => {
  const camera = later(await startHttpCamera((_request, response) => response.writeHead(status, headers).end(body)));
  await expect(connectHttp(camera.url, rule, createPictureDecoder(), never)).rejects.toThrow(
    `127.0.0.1:${camera.port} ${words}`,
  );
});

test('video of another kind is left to libav', async () => {
  for (const [type, body] of [
    ['application/vnd.apple.mpegurl', '#EXTM3U\n'],
    ['text/plain', '#EXTM3U\n'],
    ['video/mp2t', 'G'.repeat(188)],
    ['application/dash+xml', '<?xml version="1.0"?><MPD xmlns="x">'],
  ]) {
    const answer = { 'content-type': type };
    const camera = later(await startHttpCamera((_request, response) => response.writeHead(200, answer).end(body)));
    expect(await connectHttp(camera.url, rule, createPictureDecoder(), never)).toBeUndefined();
  }
});

test('a stop ends a connection that waits for its first picture', async () => {
  const camera = later(
    await startHttpCamera((_request, response) => {
      response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=x' });
      response.flushHeaders();
      stop.abort();
    }),
  );
  const stop = new AbortController();
  await expect(connectHttp(camera.url, rule, createPictureDecoder(), stop.signal)).rejects.toThrow();
});
