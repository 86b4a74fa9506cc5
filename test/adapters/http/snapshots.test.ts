import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type HttpServer, openHttp } from '../../../src/adapters/http/server.js';
import { plainHttpNeeds } from '../../support/http-needs.js';

const stored = '0193a5c0-0000-7000-8000-000000000001';
const removed = '0193a5c0-0000-7000-8000-000000000002';
const vanished = '0193a5c0-0000-7000-8000-000000000003';
const large = '0193a5c0-0000-7000-8000-000000000004';
const truncated = '0193a5c0-0000-7000-8000-000000000005';
const flipped = '0193a5c0-0000-7000-8000-000000000006';
const whole = '0193a5c0-0000-7000-8000-000000000007';
const jpeg = Buffer.from('ffd8ffe000104a464946ffd9', 'hex');
const largeJpeg = Buffer.from(Array.from({ length: 200_001 }, (_, n) => n % 251));
const verified: string[] = [];
let dir: string;
let server: HttpServer;
let logged: readonly unknown[];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'http-snapshots-'));
  await writeFile(join(dir, 'a.jpg'), jpeg);
  await writeFile(join(dir, 'large.jpg'), largeJpeg);
  await writeFile(join(dir, 'flipped.jpg'), Buffer.from(largeJpeg).fill(0xff, 150_000, 150_001));
  const needs = plainHttpNeeds({
    verifyUrl: (url) => {
      verified.push(url);
      return url.includes('signature=good') ? 'ok' : url.includes('signature=old') ? 'expired' : 'forged';
    },
    sign: (status, id) => Promise.resolve({ signature: `${status} ${id}` }),
    findSnapshot: (id) => {
      const sha256 = createHash('sha256').update(largeJpeg).digest('hex');
      const path = join(dir, 'large.jpg');
      if (id === truncated) return Promise.resolve({ path, bytes: largeJpeg.length + 1 });
      if (id === flipped) return Promise.resolve({ path: join(dir, 'flipped.jpg'), bytes: largeJpeg.length, sha256 });
      if (id === whole) return Promise.resolve({ path, bytes: largeJpeg.length, sha256 });
      if (id === stored) return Promise.resolve({ path: join(dir, 'a.jpg'), bytes: jpeg.length });
      if (id === large) return Promise.resolve({ path: join(dir, 'large.jpg'), bytes: largeJpeg.length });
      if (id === vanished) return Promise.resolve({ path: join(dir, 'b.jpg'), bytes: 1 });
      return Promise.resolve(id === removed ? 'gone' : 'unknown');
    },
  });
  server = await openHttp(needs, { host: '127.0.0.1', port: 0, publicUrl: 'https://pi.local/room/' });
  logged = needs.logged;
});
afterAll(async () => {
  await server.close();
  await rm(dir, { recursive: true });
});

const get = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${server.port}${path}`, init);

const cases = [
  ['a valid signature gets the picture', `/snapshots/${stored}.jpg?signature=good`, 200],
  ['a wrong signature is refused', `/snapshots/${stored}.jpg?signature=bad`, 403],
  ['a missing signature is refused', `/snapshots/${stored}.jpg`, 403],
  ['an expired signature is refused', `/snapshots/${stored}.jpg?signature=old`, 403],
  ['an expired signature learns that the picture is gone', `/snapshots/${removed}.jpg?signature=old`, 410],
  ['a file that lost its end', `/snapshots/${truncated}.jpg?signature=good`, 410],
  ['a file of which a bit changed', `/snapshots/${flipped}.jpg?signature=good`, 410],
  [
    'without a signature, an unknown id is refused like a known one',
    '/snapshots/0193a5c0-0000-7000-8000-00000000000f.jpg',
    403,
  ],
  ['an unknown id', '/snapshots/0193a5c0-0000-7000-8000-00000000000f.jpg?signature=good', 404],
  ['not an id', '/snapshots/..%2f..%2fetc%2fpasswd.jpg?signature=good', 404],
  ['an id without .jpg', `/snapshots/${stored}?signature=good`, 404],
  ['a picture that retention removed', `/snapshots/${removed}.jpg?signature=good`, 410],
  ['a file that is missing', `/snapshots/${vanished}.jpg?signature=good`, 410],
] as const;
test.each(cases)('%s', async (_what, path, status) => {
  const answer = await get(path);
  expect(answer.status).toBe(status);
  if (status !== 200) {
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.json()).toMatchObject({ message: expect.any(String) as string });
  }
});

test('the picture is sent whole, with its type and length, and other pages may show it', async () => {
  const answer = await get(`/snapshots/${stored}.jpg?signature=good`);
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(jpeg);
  expect(answer.headers.get('content-type')).toBe('image/jpeg');
  expect(answer.headers.get('content-length')).toBe(String(jpeg.length));
  expect(answer.headers.get('cache-control')).toContain('private');
  expect(answer.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
});

test('HEAD has the same headers without the picture, and a known ETag is answered with 304', async () => {
  const head = await get(`/snapshots/${stored}.jpg?signature=good`, { method: 'HEAD' });
  expect(head.status).toBe(200);
  expect(head.headers.get('content-length')).toBe(String(jpeg.length));
  expect(await head.text()).toBe('');
  const etag = head.headers.get('etag') ?? '';
  const again = await get(`/snapshots/${stored}.jpg?signature=good`, { headers: { 'if-none-match': etag } });
  expect(again.status).toBe(304);
  expect((await get(`/snapshots/${stored}.jpg?signature=bad`, { method: 'HEAD' })).status).toBe(403);
});

test('the signature is checked over path and query, whatever the public URL and the Host header are', async () => {
  await get(`/snapshots/${stored}.jpg?expires=1&signature=good`, { headers: { host: 'evil.example' } });
  expect(verified.at(-1)).toBe(`/snapshots/${stored}.jpg?expires=1&signature=good`);
});

test('only the answers that a picture is not there are signed', async () => {
  const signatureOf = async (path: string) => (await get(path)).headers.get('roomwatch-signature');
  expect(await signatureOf(`/snapshots/${removed}.jpg?signature=good`)).toBe(`410 ${removed}`);
  expect(await signatureOf(`/snapshots/${vanished}.jpg?signature=good`)).toBe(`410 ${vanished}`);
  expect(await signatureOf(`/snapshots/${truncated}.jpg?signature=old`)).toBe(null);
  const unknown = '0193a5c0-0000-7000-8000-00000000000f';
  expect(await signatureOf(`/snapshots/${unknown}.jpg?signature=good`)).toBe(`404 ${unknown}`);
  expect(await signatureOf(`/snapshots/${unknown}.jpg?signature=bad`)).toBe(null);
  expect(await signatureOf('/elsewhere')).toBe(null);
});

test('the detector learns of damaged files, and of expired URLs of pictures that are there', async () => {
  const news = async (path: string) => {
    const before = logged.length;
    await get(path);
    return logged.slice(before);
  };
  expect(await news(`/snapshots/${truncated}.jpg?signature=good`)).toEqual([['damaged', truncated]]);
  expect(await news(`/snapshots/${stored}.jpg?signature=old`)).toEqual([['expired', stored]]);
  expect(await news(`/snapshots/${removed}.jpg?signature=old`)).toEqual([]);
  expect(await news(`/snapshots/${stored}.jpg?signature=bad`)).toEqual([]);
});

test('a picture whose SHA-256 is known is sent whole', async () => {
  const answer = await get(`/snapshots/${whole}.jpg?signature=good`);
  expect(Buffer.from(await answer.arrayBuffer()).equals(largeJpeg)).toBe(true);
});

test('a large picture is sent whole', async () => {
  const answer = await get(`/snapshots/${large}.jpg?signature=good`);
  expect(Buffer.from(await answer.arrayBuffer()).equals(largeJpeg)).toBe(true);
});
