import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { tryBroker } from '../../../src/adapters/mqtt/check-broker.js';
import { freePort } from '../../support/free-port.js';
import { openMosquitto } from '../../support/mosquitto.js';

function trial(url: string, signal = AbortSignal.timeout(20_000)): Promise<void> {
  const unset = { username: undefined, password: undefined, ca: undefined, cert: undefined, key: undefined };
  return tryBroker({ url, protocol: 5, clientId: 'trial', ...unset }, signal);
}

/** A server that calls `react` with each connection; returns its URL. */
async function serve(react: (socket: Socket) => void): Promise<string> {
  const server = createServer(react).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('accepts a broker that accepts the connection', async () => {
  const broker = await openMosquitto();
  onTestFinished(() => broker.close());
  await expect(trial(broker.url)).resolves.toBeUndefined();
});

test('says why a broker refuses the connection', async () => {
  const broker = await openMosquitto(['allow_anonymous false']);
  onTestFinished(() => broker.close());
  await expect(trial(broker.url)).rejects.toThrow('the broker refuses the connection: check mqtt.username');
});

test('says that nothing listens', async () => {
  await expect(trial(`mqtt://127.0.0.1:${await freePort()}`)).rejects.toThrow('nothing listens at mqtt.url');
});

test('says that the other side closes the connection at once', async () => {
  const url = await serve((socket) => socket.end());
  await expect(trial(url)).rejects.toThrow('the broker closes the connection at once');
});

test('gives up on a server that never answers when the signal is aborted', async () => {
  const giveUp = new AbortController();
  const url = await serve((socket) => socket.once('data', () => giveUp.abort(new Error('too long'))));
  await expect(trial(url, giveUp.signal)).rejects.toThrow('too long');
});
