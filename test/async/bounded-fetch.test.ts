import { createServer, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, onTestFinished, test } from 'vitest';
import { boundedFetch, type Chunks, FetchError } from '../../src/async/bounded-fetch.js';
import { freePort } from '../support/free-port.js';

async function serve(answer: RequestListener) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

/** Not `once` for the end of the socket: it would reject on a reset. */
const firstConnectionClosed = (server: Server) =>
  once(server, 'connection').then(([socket]) => new Promise((resolve) => (socket as Socket).once('close', resolve)));
const size = async (chunks: Chunks) => {
  let bytes = 0;
  for await (const chunk of chunks) bytes += chunk.length;
  return bytes;
};
const read = (_: Response, chunks: Chunks) => size(chunks);
/** One byte each few milliseconds, for ever. */
const drip: RequestListener = (_, response) => {
  response.writeHead(200, { 'content-length': 100_000 });
  const timer = setInterval(() => response.write('x'), 10);
  response.once('close', () => clearInterval(timer));
};

/** Collects garbage all the time, until the test is over. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const timer = setInterval(collect, 20);
  onTestFinished(() => clearInterval(timer));
}

test('gives the answer and its whole body', async () => {
  const { url } = await serve((_, response) => response.writeHead(201).end('seven b'));
  const bounds = { seconds: 5, silenceSeconds: 5 };
  expect(await boundedFetch(url, {}, bounds, async ({ status }, chunks) => [status, await size(chunks)])).toEqual([
    201, 7,
  ]);
});

test.each([
  ['at its bound in time', () => ({ seconds: 0.4 }), 'timeout'],
  ['on a stop', () => ({ seconds: 60, signal: AbortSignal.timeout(400) }), 'stopped'],
])('a body that drips ends %s and closes its connection, also while garbage is collected', async (_, bounds, code) => {
  collectGarbage();
  const { server, url } = await serve(drip);
  const closed = firstConnectionClosed(server);
  await expect(boundedFetch(url, {}, { silenceSeconds: 9, ...bounds() }, read)).rejects.toMatchObject({
    code,
    answered: true,
  });
  await closed;
});

test('a body that stops ends at the bound on silence', async () => {
  const { url } = await serve((_, response) => void response.writeHead(200, { 'content-length': 9 }).write('x'));
  const failure = boundedFetch(url, {}, { seconds: 60, silenceSeconds: 0.2 }, read);
  await expect(failure).rejects.toMatchObject({ code: 'timeout', answered: true });
});

test('a head that never comes ends at the bound in time', async () => {
  const { url } = await serve(() => undefined);
  const failure = boundedFetch(url, {}, { seconds: 0.2, silenceSeconds: 60 }, read);
  await expect(failure).rejects.toMatchObject({ code: 'timeout', answered: false });
});

test('a body that nobody wants does not occupy the connection', async () => {
  const { server, url } = await serve(drip);
  const closed = firstConnectionClosed(server);
  const bounds = { seconds: 60, silenceSeconds: 60 };
  expect(await boundedFetch(url, {}, bounds, ({ status }) => Promise.resolve(status))).toBe(200);
  await closed;
});

test('the reason of a failure is never empty, and an error of the reader stays what it is', async () => {
  const nobody = `http://localhost:${await freePort()}/`;
  const bounds = { seconds: 5, silenceSeconds: 5 };
  const failure = await boundedFetch(nobody, {}, bounds, read).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(FetchError);
  expect(failure).toMatchObject({ code: 'ECONNREFUSED', message: expect.stringContaining('ECONNREFUSED') as string });
  const { url } = await serve((_, response) => response.end());
  await expect(boundedFetch(url, {}, bounds, () => Promise.reject(new RangeError('bug')))).rejects.toThrow(RangeError);
});
