import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundle, folderInCheckout } from '../support/bundle.js';
import { ending, startNode } from '../support/node-process.js';

const modules = { log: '', run: '' };
let folder: string;

beforeAll(async () => {
  folder = await folderInCheckout();
  const compile = async (source: string, name: string) => {
    await mkdir(join(folder, name));
    return bundle(source, join(folder, name), 'external');
  };
  modules.log = await compile('src/runtime/log.ts', 'log');
  modules.run = await compile('src/runtime/process/run.ts', 'run');
});

afterAll(() => rm(folder, { recursive: true }));

/** A process whose work is `body`, a function body with `log` and `signal`; `ready()` writes to stdout. */
function start(body: string, stdio: 'pipe' | 'ipc' = 'pipe', by?: string, format = 'auto'): ChildProcess {
  const script = `
    import { createLog } from '${modules.log}';
    import { run } from '${modules.run}';
    const log = createLog('info', 'test', { secrets: ['open-sesame'], format: '${format}' });
    const ready = () => process.stdout.write('ready');
    const stopped = (signal) => new Promise((resolve) => signal.addEventListener('abort', resolve));
    await run(log, async (signal) => { ${body} });`;
  const env = { ...process.env, ...(by === undefined ? {} : { ROOMWATCH_STARTED_BY: by }) };
  return startNode(['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'pipe', stdio], env });
}

async function ready(child: ChildProcess): Promise<ChildProcess> {
  if (child.stdout !== null) await once(child.stdout, 'data');
  return child;
}

const patient = `setInterval(() => {}, 1000); ready(); await stopped(signal);`;

describe('a process', () => {
  test.each([
    ['ends with 0 when its work is done', 'setInterval(() => {}, 1000);', 0],
    ['ends with the status of its work', 'return 2;', 2],
  ])('%s', async (_, body, status) => {
    expect(await ending(start(body))).toEqual({ status, stdout: '', stderr: '' });
  });

  test('logs trouble in one line, with its cause and without a stack', async () => {
    const { status, stderr } = await ending(
      start(`throw new Error('clip.mp4 cannot be read', { cause: new Error('no such file') });`),
    );
    expect(status).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(stderr)).toMatchObject({ level: 60, name: 'test', msg: 'clip.mp4 cannot be read: no such file' });
    expect(stderr).not.toContain('stack');
  });

  test.each([
    ['in its work', 'undefined.length;'],
    ['beside its work', 'setImmediate(() => undefined.length); await stopped(signal);'],
    ['in a promise that nothing awaits', 'void Promise.reject(new TypeError("a bug")); await stopped(signal);'],
  ])('logs a bug %s with its stack', async (_, body) => {
    const { status, stderr } = await ending(start(body));
    expect(status).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({ msg: 'unexpected error', err: { type: 'TypeError' } });
    expect(stderr).toContain('"stack":"TypeError');
  });

  test('logs no secret, no credentials and no signature', async () => {
    const { stderr } = await ending(
      start(
        `log.info({ url: 'rtsp://me:hidden@cam/1?signature=abc', err: new Error('open-sesame is wrong') }, 'open-sesame');`,
      ),
    );
    expect(stderr).not.toMatch(/open-sesame|hidden|abc/);
    expect(JSON.parse(stderr)).toMatchObject({ msg: '[secret]', url: 'rtsp://[secret]@cam/1?signature=[secret]' });
  });

  test('logs JSON lines with readable times without a terminal, and text on request', async () => {
    const json = await ending(start(`log.info({ room: 'hall' }, 'camera opened');`));
    expect(JSON.parse(json.stderr)).toMatchObject({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
    });
    const text = await ending(start(`log.info({ room: 'hall' }, 'camera opened');`, 'pipe', undefined, 'text'));
    expect(text.stderr).toMatch(
      /^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} [+-]\d{4}\] test: camera opened \{"room":"hall"\}\n$/,
    );
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('stops cleanly on %s', async (signal) => {
    const child = await ready(start(patient));
    child.kill(signal);
    expect(await ending(child)).toMatchObject({ status: 0, stderr: '' });
  });

  test('ends when stopping takes too long', async () => {
    const child = await ready(start(`${patient} await new Promise(() => {});`));
    const began = performance.now();
    child.kill('SIGTERM');
    expect(await ending(child)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('not stopped within') as string,
    });
    expect(performance.now() - began).toBeLessThan(5000);
  });

  test('treats the echo of a signal as the same one', async () => {
    const child = await ready(start(`${patient} await new Promise((resolve) => setTimeout(resolve, 100));`));
    child.kill('SIGINT');
    child.kill('SIGTERM');
    expect(await ending(child)).toMatchObject({ status: 0, stderr: '' });
  });

  test('ends at once on a second signal', async () => {
    const child = await ready(start(`setInterval(ready, 100); ready(); await new Promise(() => {});`));
    child.stdout?.on('data', () => child.kill('SIGTERM'));
    const began = performance.now();
    expect(await ending(child)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('stopping at once') as string,
    });
    expect(performance.now() - began).toBeLessThan(4000);
  });

  test('logs what fails while it stops', async () => {
    const child = await ready(start(`${patient} throw new Error('the disk is full');`));
    child.kill('SIGTERM');
    expect(await ending(child)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('the disk is full') as string,
    });
  });

  test('ends at once after an unexpected error while it stops', async () => {
    const child = await ready(start(`${patient} setImmediate(() => undefined.length); await new Promise(() => {});`));
    const began = performance.now();
    child.kill('SIGTERM');
    expect(await ending(child)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('unexpected error') as string,
    });
    expect(performance.now() - began).toBeLessThan(4000);
  });

  test('finishes its work after an unexpected error beside it, and ends with 1', async () => {
    const { status, stdout, stderr } = await ending(
      start(`setImmediate(() => undefined.length); await stopped(signal); process.stdout.write('finished');`),
    );
    expect({ status, stdout }).toEqual({ status: 1, stdout: 'finished' });
    expect(JSON.parse(stderr)).toMatchObject({ msg: 'unexpected error' });
  });

  test('is killed by a fault in native code', async () => {
    const child = await ready(start(patient));
    child.kill('SIGSEGV');
    expect((await ending(child)).status).toBe('SIGSEGV');
  });
});

describe('a supervised process', () => {
  test('stops when its supervisor is gone, and leaves Ctrl-C to it', async () => {
    const child = await ready(start(patient, 'ipc', String(process.pid)));
    child.kill('SIGINT');
    child.disconnect();
    expect(await ending(child)).toMatchObject({ status: 0, stderr: '' });
  });

  test('is not kept alive by the channel', async () => {
    expect(await ending(start('return 0;', 'ipc', String(process.pid)))).toMatchObject({ status: 0 });
  });

  test('treats any number of SIGTERMs as one', async () => {
    const body = `const on = setInterval(ready, 100); ready(); await stopped(signal);
      await new Promise((resolve) => setTimeout(resolve, 1500)); clearInterval(on);`;
    const child = await ready(start(body, 'ipc', String(process.pid)));
    child.stdout?.on('data', () => child.kill('SIGTERM'));
    expect(await ending(child)).toMatchObject({ status: 0, stderr: '' });
  });

  test.each([
    ['has ended', 'ipc', '1'],
    ['closed the channel', 'pipe', String(process.pid)],
  ] as const)('does not begin its work once its supervisor %s', async (_, stdio, by) => {
    const { status, stdout } = await ending(start('ready(); await stopped(signal);', stdio, by));
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  });

  test('stops if its supervisor goes while it loads', async () => {
    const child = start(patient, 'ipc', String(process.pid));
    child.disconnect();
    expect(await ending(child)).toMatchObject({ status: 0 });
  });

  test('of another supervisor handles every signal', async () => {
    const child = await ready(start(patient, 'ipc'));
    child.kill('SIGINT');
    expect(await ending(child)).toMatchObject({ status: 0, stderr: '' });
  });
});
