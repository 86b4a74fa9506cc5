import { once } from 'node:events';
import { connect } from 'node:net';
import fc from '../../support/fast-check.js';
import { expect, onTestFinished, test } from 'vitest';
import { openHttp } from '../../../src/adapters/http/server.js';
import { plainHttpNeeds } from '../../support/http-needs.js';

async function serve(changed: Parameters<typeof plainHttpNeeds>[0] = {}) {
  const needs = plainHttpNeeds(changed);
  const server = await openHttp(needs, { host: '127.0.0.1', port: 0 });
  onTestFinished(() => server.close());
  return { ...server, logged: needs.logged, url: `http://127.0.0.1:${server.port}` };
}

test('healthz is 200 while every part is ok', async () => {
  const { url } = await serve();
  const answer = await fetch(`${url}/healthz`);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({
    status: 'ok',
    camera: { ok: true },
    broker: { ok: true },
    disk: { ok: true },
  });
});

test('healthz is 503 and tells which part is not ok', async () => {
  const since = '2026-11-22T10:15:30.123Z';
  const broker = { ok: false, why: 'not connected to mqtt://127.0.0.1:1883', since } as const;
  const { url } = await serve({ health: () => ({ camera: { ok: true }, broker, disk: { ok: true } }) });
  const answer = await fetch(`${url}/healthz`);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ status: 'failing', camera: { ok: true }, broker });
});

const asStranger = { 'x-forwarded-for': '127.0.0.1' };

test('a stranger learns from healthz only whether all is well', async () => {
  const since = '2026-11-22T10:15:30.123Z';
  const broker = { ok: false, why: 'not connected to mqtt://127.0.0.1:1883', since } as const;
  const { url } = await serve({ health: () => ({ camera: { ok: true }, broker, disk: { ok: true } }) });
  const answer = await fetch(`${url}/healthz`, { headers: asStranger });
  expect([answer.status, await answer.json()]).toEqual([503, { status: 'failing' }]);
});

test('a stranger reads no metrics', async () => {
  const { url } = await serve();
  const answer = await fetch(`${url}/metrics`, { headers: asStranger });
  expect(answer.status).toBe(403);
  expect(await answer.text()).not.toContain('roomwatch_');
});

test('metrics are Prometheus text', async () => {
  const { url } = await serve();
  const answer = await fetch(`${url}/metrics`);
  expect(answer.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  expect(await answer.text()).toBe('roomwatch_frames_total 1\n');
});

test('every answer carries the security headers, and none allows inline code', async () => {
  const { url } = await serve();
  for (const path of ['/healthz', '/metrics', '/nothing']) {
    const { headers } = await fetch(url + path);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
  }
});

test('an unexpected error is a 500 without details, and the log names the route but not the URL', async () => {
  const { url, logged } = await serve({ findSnapshot: () => Promise.reject(new Error('disk on fire')) });
  const path = '/snapshots/0193a5c0-0000-7000-8000-000000000001.jpg?signature=5ec3e7';
  const answer = await fetch(url + path);
  expect(answer.status).toBe(500);
  expect(await answer.text()).not.toContain('fire');
  expect(logged).toHaveLength(1);
  expect(JSON.stringify(logged)).toContain('/snapshots/:file');
  expect(JSON.stringify(logged)).not.toContain('5ec3e7');
});

test('a port in use is an error that tells what to do', async () => {
  const { port } = await serve();
  const second = openHttp(plainHttpNeeds(), { host: '127.0.0.1', port });
  await expect(second).rejects.toThrow(new RegExp(`http.port ${port} on 127.0.0.1 is taken.*set http.port`));
});

test('close ends half-sent requests at once', async () => {
  const server = await serve();
  const socket = connect(server.port, '127.0.0.1');
  await once(socket, 'connect');
  socket.on('error', () => undefined);
  socket.write('GET /healthz HTTP/1.1\r\nHost:');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const begun = performance.now();
  await Promise.all([server.close(), closed]);
  expect(performance.now() - begun).toBeLessThan(1000);
});

test('a request head that never ends is cut off', async () => {
  const { port } = await serve();
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined).resume();
  socket.write('GET /healthz HTTP/1.1\r\nHost:');
  await once(socket, 'close');
});

const randomRequest = fc.record({
  method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'get', ''),
  path: fc.oneof(
    fc.webPath(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '/snapshots/',
      '/snapshots/../../etc/passwd',
      '//',
      '/%00',
      '/%zz',
      '*',
      '/snapshots/a'.repeat(2000),
    ),
    fc.tuple(fc.uuid(), fc.string()).map(([id, query]) => `/snapshots/${id}.jpg?${encodeURIComponent(query)}`),
  ),
  headers: fc.dictionary(fc.string({ minLength: 1, maxLength: 20 }), fc.string({ maxLength: 200 }), { maxKeys: 5 }),
  body: fc.uint8Array({ maxLength: 2000 }),
});

test('random requests never crash the server, reach a file, or cause an internal error', async () => {
  const found: string[] = [];
  const { port, url, logged } = await serve({
    findSnapshot: (id) => {
      found.push(id);
      return Promise.resolve('unknown');
    },
  });
  await fc.assert(
    fc.asyncProperty(randomRequest, async ({ method, path, headers, body }) => {
      const socket = connect(port, '127.0.0.1');
      let answer = '';
      socket.on('data', (data) => (answer += data.toString('latin1'))).on('error', () => undefined);
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(
        `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${lines.join('')}\r\n`,
        'latin1',
      );
      socket.end(body);
      await once(socket, 'close');
      expect(answer).not.toMatch(/^HTTP\/1.1 5/);
    }),
    { numRuns: 500 },
  );
  for (const id of found) expect(id).toMatch(/^[0-9a-f-]{36}$/i);
  expect(logged).toEqual([]);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
}, 60_000);
