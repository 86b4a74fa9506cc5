import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../support/free-port.js';
import { ending, startNode } from '../support/node-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const healthy = join(import.meta.dirname, '..', '..', 'docker', 'healthy.mjs');

async function serveHealth(status: number): Promise<number> {
  const server = createServer((_, response) => response.writeHead(status).end(`{"status":${status}}`));
  onTestFinished(() => void server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

test('a container with the detectors of several rooms is healthy if every room is', async () => {
  const [fine, failing] = [await serveHealth(200), await serveHealth(503)];
  const file = join(temporaryFolder(), 'home.json');
  const check = (rooms: Readonly<Record<string, number>>) => {
    const list = Object.entries(rooms).map(([room, port]) => ({ room, http: { port } }));
    writeFileSync(file, JSON.stringify({ rooms: list }));
    return ending(startNode([healthy, 'detector'], { env: { ...process.env, ROOMWATCH_CONF: file } }));
  };
  expect(await check({ kitchen: fine })).toMatchObject({ status: 0, stdout: 'kitchen: {"status":200}\n' });
  expect(await check({ kitchen: fine, hall: failing })).toMatchObject({ status: 1, stdout: 'hall: {"status":503}\n' });
  const { status, stdout } = await check({ kitchen: await freePort() });
  expect({ status, stdout }).toMatchObject({
    status: 1,
    stdout: expect.stringMatching(/^kitchen: no answer/) as string,
  });
});
