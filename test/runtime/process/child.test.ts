import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { keepRunning } from '../../../src/runtime/process/child.js';
import { temporaryFile } from '../../support/config-file.js';

/** Each life of the child connects to this test, which may end it as it likes by what it sends. */
async function stage(finishes = false) {
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
  const notes = new PassThrough();
  const plan = { name: 'detector', module, args: ['hello'], env: process.env, finishes };
  const child = keepRunning(plan, pino({ level: 'info' }, notes));
  onTestFinished(async () => {
    child.kill();
    await child.stop();
    server.close();
  });
  const life = async () => (await once(server, 'connection'))[0] as Socket;
  return { child, life, notes: () => String(notes.read() ?? '') };
}

test('a child that crashes is started again, and that is told', async () => {
  const { child, life, notes } = await stage();
  const first = life();
  expect(await child.firstMessage).toEqual({ ready: 'hello' });
  await first;
  const second = life();
  child.kill();
  (await second).write('1');
  await life();
  expect(
    notes()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object),
  ).toMatchObject([
    { process: 'detector', status: null, signal: 'SIGKILL', seconds: 1 },
    { process: 'detector', status: 1, signal: null, seconds: 2 },
  ]);
});

test('a child that never comes up is over', async () => {
  const { child, life } = await stage();
  (await life()).write('1');
  expect(await child.over).toBe(1);
});

test('a child that has finished is over', async () => {
  const { child, life } = await stage(true);
  (await life()).write('0');
  expect(await child.over).toBe(0);
});

test('a child that is stopped has time to say goodbye and does not come back', async () => {
  const { child, life } = await stage();
  const socket = await life();
  const said = once(socket, 'data');
  await child.firstMessage;
  await child.stop();
  expect(String((await said)[0])).toBe('bye');
  expect(await child.over).toBe(0);
});

test('a child that waits to be started again is over when stopped', async () => {
  const { child, life } = await stage();
  await life();
  await child.firstMessage;
  child.kill();
  await child.stop();
  expect(await child.over).toBe(0);
});
