import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../support/free-port.js';
import { ending, startNode } from '../support/node-process.js';

const cli = join(import.meta.dirname, '../../dist/cli.js');

async function startBroker(settings: Readonly<Record<string, string>> = {}) {
  const port = await freePort();
  const env = { ...process.env, ROOMWATCH_BROKER_PORT: String(port), ...settings };
  const child = startNode([cli, 'broker'], { env });
  if (child.stderr !== null) await once(child.stderr, 'data');
  const join = async (options: IClientOptions = {}) => {
    const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0, ...options });
    onTestFinished(() => void client.end(true));
    return client;
  };
  return { child, port, join };
}

test('the embedded broker accepts clients of MQTT 3.1.1 and keeps retained messages', async () => {
  const { child, join } = await startBroker();
  const speaker = await join({ protocolVersion: 4 });
  await speaker.publishAsync('roomwatch/room/availability', 'online', { qos: 1, retain: true });
  const listener = await join({ protocolVersion: 4 });
  const payload = nextPayload(listener);
  await listener.subscribeAsync('roomwatch/#', { qos: 1 });
  expect(await payload).toBe('online');
  child.kill('SIGTERM');
  expect(await ending(child)).toMatchObject({ status: 0 });
});

test('it refuses a client of MQTT 5 and logs that', async () => {
  const { child, join } = await startBroker();
  await expect(join({ protocolVersion: 5, connectTimeout: 5000 })).rejects.toThrow();
  child.kill('SIGTERM');
  expect((await ending(child)).stderr).toMatch(/connection refused/);
});

test('it waits for clients with a last will to publish offline before it stops', async () => {
  const { child, join } = await startBroker();
  const will = { topic: 'roomwatch/room/availability', payload: Buffer.from('offline'), qos: 1, retain: true } as const;
  const detector = await join({ will });
  const listener = await join();
  await listener.subscribeAsync('roomwatch/#', { qos: 1 });
  child.kill('SIGTERM');
  const payload = nextPayload(listener);
  await detector.publishAsync('roomwatch/room/availability', 'offline', { qos: 1, retain: true });
  expect(await payload).toBe('offline');
  await detector.endAsync();
  expect(await ending(child)).toMatchObject({ status: 0 });
});

test('it is open without a password, and otherwise only to clients that send it', async () => {
  const open = await startBroker();
  await open.join();
  const closed = await startBroker({ ROOMWATCH_MQTT_USERNAME: 'me', ROOMWATCH_MQTT_PASSWORD: 'open sesame' });
  const connectTimeout = 5000;
  await expect(closed.join({ connectTimeout })).rejects.toThrow(/bad username or password/i);
  await expect(closed.join({ username: 'me', password: 'wrong', connectTimeout })).rejects.toThrow(/bad username/i);
  await expect(closed.join({ username: 'you', password: 'open sesame', connectTimeout })).rejects.toThrow(
    /bad username/i,
  );
  await closed.join({ username: 'me', password: 'open sesame' });
});

test('it reports a port in use in one clear line, with status 1', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  onTestFinished(() => void other.close());
  const { port } = other.address() as { port: number };
  const { status, stderr } = await ending(
    startNode([cli, 'broker'], { env: { ...process.env, ROOMWATCH_BROKER_PORT: String(port) } }),
  );
  expect(status).toBe(1);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toContain(`port ${port} is in use, perhaps by another broker`);
});

function nextPayload(client: MqttClient): Promise<string> {
  return new Promise((resolve) => client.once('message', (_, payload) => resolve(String(payload))));
}
