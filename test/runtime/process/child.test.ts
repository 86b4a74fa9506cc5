import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { keepRunning } from '../../../src/runtime/process/child.js';
import { temporaryFile } from '../../support/config-file.js';

/** Each process of the child connects to this test, which ends it by sending it an exit status. */
async function openChild(finishes = false) {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const module = temporaryFile(
    'child.mjs',
    `import { connect } from 'node:net';
     const socket = connect(${port}, '127.0.0.1');
     socket.on('data', (word) => process.exit(Number(word)));
     process.on('disconnect', () => process.exit());
     process.on('SIGTERM', () => socket.end('bye', () => process.exit(0)));
     process.send({ ready: process.argv[2] });`,
  );
  const logged = new PassThrough();
  const plan = { name: 'detector', module, args: ['hello'], env: process.env, finishes };
  const child = keepRunning(plan, pino({ level: 'info' }, logged));
  onTestFinished(async () => {
    child.kill();
    await child.stop();
    server.close();
  });
  const nextProcess = async () => (await once(server, 'connection'))[0] as Socket;
  return { child, nextProcess, logged: () => String(logged.read() ?? '') };
}

test('starts a child again that crashes, and logs that', async () => {
  const { child, nextProcess, logged } = await openChild();
  const first = nextProcess();
  expect(await child.firstMessage).toEqual({ ready: 'hello' });
  await first;
  const second = nextProcess();
  child.kill();
  (await second).write('1');
  await nextProcess();
  expect(
    logged()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object),
  ).toMatchObject([
    { process: 'detector', status: null, signal: 'SIGKILL', seconds: 1 },
    { process: 'detector', status: 1, signal: null, seconds: 2 },
  ]);
});

test('does not start a child again that fails at once', async () => {
  const { child, nextProcess } = await openChild();
  (await nextProcess()).write('1');
  expect(await child.over).toBe(1);
});

test('does not start a child again that has finished', async () => {
  const { child, nextProcess } = await openChild(true);
  (await nextProcess()).write('0');
  expect(await child.over).toBe(0);
});

test('gives a child that is stopped time to finish, and does not start it again', async () => {
  const { child, nextProcess } = await openChild();
  const socket = await nextProcess();
  const last = once(socket, 'data');
  await child.firstMessage;
  await child.stop();
  expect(String((await last)[0])).toBe('bye');
  expect(await child.over).toBe(0);
});

test('stops while it waits to start a child again', async () => {
  const { child, nextProcess } = await openChild();
  await nextProcess();
  await child.firstMessage;
  child.kill();
  await child.stop();
  expect(await child.over).toBe(0);
});
