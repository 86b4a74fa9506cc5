import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { tryBroker } from '../../../src/adapters/mqtt/check-broker.js';
import { readAddress } from '../../../src/runtime/address.js';
import { freePort } from '../../support/free-port.js';
import { openMosquitto } from '../../support/mosquitto.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

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

test('in a container, says what 127.0.0.1 is', async () => {
  vi.stubEnv('container', 'docker');
  onTestFinished(() => void vi.unstubAllEnvs());
  await expect(trial(`mqtt://127.0.0.1:${await freePort()}`)).rejects.toThrow(
    'is the broker running? In a container, 127.0.0.1 is the container itself',
  );
});

test('says why a broker refuses the connection', async () => {
  const broker = await openMosquitto(['allow_anonymous false']);
  onTestFinished(() => broker.close());
  await expect(trial(broker.url)).rejects.toThrow('the broker refuses the connection: check mqtt.username');
});

test('logs in with a password full of special characters in the URL', async () => {
  const file = join(temporaryFolder(), 'passwords');
  const password = '50%off:a/b#c?d "e" ü€@';
  execFileSync('mosquitto_passwd', ['-b', '-c', file, 'ha', password], { stdio: 'ignore' });
  chmodSync(file, 0o644);
  const broker = await openMosquitto(['allow_anonymous false', `password_file ${file}`]);
  onTestFinished(() => broker.close());
  const address = readAddress(broker.url.replace('//', `//ha:${password}@`));
  await expect(trial((address as { href: string }).href)).resolves.toBeUndefined();
  await expect(trial(broker.url.replace('//', '//ha:wrong@'))).rejects.toThrow('check mqtt.username');
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
