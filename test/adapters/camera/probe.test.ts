import { getEventListeners, once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { probe } from '../../../src/adapters/camera/probe.js';
import { freePort } from '../../support/free-port.js';

async function listen(answer: string | undefined) {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    if (answer !== undefined) socket.once('data', () => socket.end(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}
const never = new AbortController().signal;

test('a server that answers passes, and no listener stays behind', async () => {
  const { server, port } = await listen('RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\n\r\n');
  await probe(new URL(`rtsp://127.0.0.1:${port}/cam`), 1, never);
  await probe(new URL(`http://127.0.0.1:${port}/`), 1, never);
  expect(getEventListeners(never, 'abort')).toEqual([]);
  server.close();
});

test('the error names the server that does not answer, without the password', async () => {
  const { server, port } = await listen(undefined);
  await expect(probe(new URL(`rtsp://u:secret@127.0.0.1:${port}/`), 0.2, never)).rejects.toThrow(
    `127.0.0.1:${port} does not answer (silent for 0.2 s)`,
  );
  const closedPort = await freePort();
  await expect(probe(new URL(`rtsp://u:secret@127.0.0.1:${closedPort}/`), 1, never)).rejects.toThrow(
    `127.0.0.1:${closedPort} does not answer (ECONNREFUSED)`,
  );
  server.close();
});

test('a stop ends the probe at once', async () => {
  const { server, port } = await listen(undefined);
  const stop = new AbortController();
  const probing = probe(new URL(`rtsp://127.0.0.1:${port}/`), 60, stop.signal);
  setImmediate(() => stop.abort());
  await expect(probing).rejects.toThrow();
  server.close();
});

test('a scheme without a known port passes unchecked', async () => {
  await probe(new URL('udp://239.0.0.1'), 0.1, never);
});
