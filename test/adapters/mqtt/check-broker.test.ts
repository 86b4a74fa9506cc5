import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { tryBroker } from '../../../src/adapters/mqtt/check-broker.js';
import { freePort } from '../../support/free-port.js';
import { openMosquitto } from '../../support/mosquitto.js';

function trial(url: string, signal = AbortSignal.timeout(20_000)): Promise<void> {
  const nothing = { username: undefined, password: undefined, ca: undefined, cert: undefined, key: undefined };
  return tryBroker({ url, protocol: 5, clientId: 'trial', ...nothing }, signal);
}

/** Listens on a port of its own and does with each connection what it is told. */
async function serve(react: (socket: Socket) => void): Promise<string> {
  const server = createServer(react).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('a broker that lets us in is fine', async () => {
  const broker = await openMosquitto();
  onTestFinished(() => broker.close());
  await expect(trial(broker.url)).resolves.toBeUndefined();
});

test('one that does not is quoted', async () => {
  const broker = await openMosquitto(['allow_anonymous false']);
  onTestFinished(() => broker.close());
  await expect(trial(broker.url)).rejects.toThrow('the broker refuses us: check mqtt.username');
});

test('nobody there', async () => {
  await expect(trial(`mqtt://127.0.0.1:${await freePort()}`)).rejects.toThrow('nothing listens at mqtt.url');
});

test('somebody who hangs up', async () => {
  const url = await serve((socket) => socket.end());
  await expect(trial(url)).rejects.toThrow('the broker hangs up at once');
});

test('somebody who says nothing is given up on', async () => {
  const giveUp = new AbortController();
  const url = await serve((socket) => socket.once('data', () => giveUp.abort(new Error('too long'))));
  await expect(trial(url, giveUp.signal)).rejects.toThrow('too long');
});
