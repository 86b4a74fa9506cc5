import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openHttp } from '../../../src/adapters/http/server.js';
import { plainHttpNeeds } from '../../support/http-needs.js';

const jpeg = Buffer.from('ffd8ffe000104a464946ffd9', 'hex');

async function servePicture() {
  const folder = await mkdtemp(join(tmpdir(), 'connections-'));
  const path = join(folder, 'a.jpg');
  await writeFile(path, jpeg);
  const findSnapshot = () => Promise.resolve({ path, bytes: jpeg.length });
  const server = await openHttp(plainHttpNeeds({ findSnapshot }), { host: '127.0.0.1', port: 0 });
  onTestFinished(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });
  return {
    port: server.port,
    url: `http://127.0.0.1:${server.port}/snapshots/0193a5c0-0000-7000-8000-000000000001.jpg`,
  };
}

/** Opens connections that never finish their request; each that is cut off comes back. */
function besiege(port: number, many: number): void {
  const open = new Set<Socket>();
  let over = false;
  const begin = () => {
    if (over) return;
    const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost:'));
    open.add(socket);
    socket
      .on('error', () => undefined)
      .on('close', () => {
        open.delete(socket);
        setImmediate(begin);
      });
  };
  for (let n = 0; n < many; n++) begin();
  onTestFinished(() => {
    over = true;
    open.forEach((socket) => socket.destroy());
  });
}

test('a thousand slow connections keep no picture from being fetched', async () => {
  const { port, url } = await servePicture();
  besiege(port, 1000);
  for (let time = 0; time < 20; time++) {
    // A new connection for each picture.
    const answer = await fetch(url, { headers: { connection: 'close' } });
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(jpeg);
  }
}, 60_000);

test('an uploader keeps its connection while strangers come and go', async () => {
  const { port, url } = await servePicture();
  const uploader = connect(port, '127.0.0.1');
  onTestFinished(() => void uploader.destroy());
  const ask = async () => {
    uploader.write(`GET ${new URL(url).pathname} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    return String((await once(uploader, 'data'))[0]);
  };
  expect(await ask()).toContain('200 OK');
  besiege(port, 1000);
  const late = await fetch(url);
  expect(late.status).toBe(200);
  expect(await ask()).toContain('200 OK');
}, 60_000);
