import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, chmod, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from '../../support/fast-check.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { openSpool } from '../../../src/adapters/files/spool.js';
import { bundle } from '../../support/bundle.js';

const codec = z.strictObject({ n: z.number(), text: z.string().optional() });
let dir: string;
let path: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'spool-'));
  path = join(dir, 'queue');
});
afterEach(() => rm(dir, { recursive: true }));

test('records are there after reopening, in order, a replaced one in its old position', async () => {
  const spool = await openSpool(path, codec);
  await Promise.all([1, 2, 3, 4].map((n) => spool.put(`k${n}`, { n })));
  await spool.remove('k2');
  await spool.put('k1', { n: 10 });
  await spool.close();

  const again = await openSpool(path, codec);
  expect([...again.keys()]).toEqual(['k1', 'k3', 'k4']);
  expect(await again.read('k1')).toEqual({ n: 10 });
  expect(await again.read('k2')).toBeUndefined();
  expect(again.oldestAt()).toBeCloseTo(Date.now() / 1000, -1);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await again.close();
});

test('a torn tail, a foreign line and a record of another shape are skipped, reported, and copied aside', async () => {
  const spool = await openSpool(path, codec);
  await spool.put('a', { n: 1 });
  await spool.close();
  await appendFile(path, 'this is no line of ours\n');
  const other = await openSpool(path, z.unknown());
  await other.put('odd', { m: 1 });
  await other.put('b', { n: 2 });
  await other.close();
  await truncate(path, (await stat(path)).size - 3);

  let skipped = 0;
  const again = await openSpool(path, codec, { onDamage: (count) => (skipped = count) });
  expect([...again.keys()]).toEqual(['a']);
  expect(skipped).toBe(2);
  expect((await readFile(`${path}.damaged`)).length).toBeGreaterThan(0);
  await again.put('c', { n: 3 });
  await again.close();

  const clean = await openSpool(path, codec, { onDamage: () => expect.unreachable() });
  expect([...clean.keys()]).toEqual(['a', 'c']);
  await clean.close();
});

test('a file that is not a spool does not stop it', async () => {
  await writeFile(path, Buffer.alloc(3_000_000, 'x'));

  const spool = await openSpool(path, codec);
  await spool.put('a', { n: 1 });
  await spool.close();
  const again = await openSpool(path, codec);
  expect([...again.keys()]).toEqual(['a']);
  await again.close();
});

test('a compaction frees space, and records can be read during it', async () => {
  const spool = await openSpool(path, codec);
  const text = 'x'.repeat(1000);
  await spool.put('stays', { n: 0, text });
  for (let round = 0; round < 5; round += 1) {
    const keys = Array.from({ length: 1000 }, (_, n) => `${round}-${n}`);
    await Promise.all(keys.map((key, n) => spool.put(key, { n, text })));
    const reads = keys.map((key) => spool.read(key));
    expect((await Promise.all(reads)).every((record) => record?.text === text)).toBe(true);
    await Promise.all(keys.map((key) => spool.remove(key)));
  }
  expect((await stat(path)).size).toBeLessThan(3_000_000);
  expect(await spool.read('stays')).toEqual({ n: 0, text });
  await spool.remove('stays');
  await spool.close();
});

test('a removal during a compaction affects no other record', async () => {
  const spool = await openSpool(path, codec);
  const keyOf = (n: number) => `k${n}`;
  const text = 'x'.repeat(300);
  const numbers = Array.from({ length: 6000 }, (_, n) => n);
  await Promise.all(numbers.map((n) => spool.put(keyOf(n), { n, text })));
  const { ino } = await stat(path);
  // This much waste starts a compaction, which is under way when the first of these removals is done.
  const [first, ...others] = numbers.filter((n) => n % 3 > 0).map((n) => spool.remove(keyOf(n)));
  await first;
  await Promise.all(numbers.filter((n) => n % 15 === 0).map((n) => spool.remove(keyOf(n))));
  await Promise.all(others);
  expect((await stat(path)).ino).not.toBe(ino);
  const left = numbers.filter((n) => n % 3 === 0 && n % 15 > 0);

  for (const reopened of [false, true]) {
    const now = reopened ? await openSpool(path, codec) : spool;
    expect([...now.keys()]).toEqual(left.map(keyOf));
    for (const n of left) expect(await now.read(keyOf(n))).toEqual({ n, text });
    await now.close();
  }
});

test('any sequence of puts and removes reads back like a map', async () => {
  const action = fc.tuple(fc.constantFrom('put', 'remove', 'reopen'), fc.integer({ min: 0, max: 5 }), fc.integer());
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 30 }), async (actions) => {
      const file = join(dir, `map-${run++}`);
      const model = new Map<string, { n: number }>();
      let spool = await openSpool(file, codec, { onDamage: () => expect.unreachable() });
      for (const [what, key, n] of actions) {
        if (what === 'put') {
          model.set(`k${key}`, { n });
          await spool.put(`k${key}`, { n });
        } else if (what === 'remove') {
          model.delete(`k${key}`);
          await spool.remove(`k${key}`);
        } else {
          await spool.close();
          spool = await openSpool(file, codec, { onDamage: () => expect.unreachable() });
        }
      }
      expect([...spool.keys()]).toEqual([...model.keys()]);
      for (const [key, record] of model) expect(await spool.read(key)).toEqual(record);
      await spool.close();
    }),
    { numRuns: 60 },
  );
});

test('a record replaced and removed before either is written is gone, in memory and after reopening', async () => {
  const spool = await openSpool(path, codec);
  await spool.put('a', { n: 1 });
  await Promise.all([spool.put('a', { n: 2 }), spool.remove('a')]);
  const inMemory = spool.has('a');
  await spool.close();
  const again = await openSpool(path, codec);
  expect({ inMemory, onDisk: again.has('a') }).toEqual({ inMemory: false, onDisk: false });
  await again.close();
});

test('a new record removed before it is written is gone, in memory and after reopening', async () => {
  const spool = await openSpool(path, codec);
  await Promise.all([spool.put('a', { n: 1 }), spool.remove('a')]);
  const inMemory = spool.has('a');
  await spool.close();
  const again = await openSpool(path, codec);
  expect({ inMemory, onDisk: again.has('a') }).toEqual({ inMemory: false, onDisk: false });
  await again.close();
});

test.each([
  ['no line feed at all', 0],
  ['a line feed after it, as the next record leaves it', 1],
])('a damaged tail of more than a mebibyte costs no later record: %s', async (_, lineFeeds) => {
  const spool = await openSpool(path, codec);
  await spool.put('a', { n: 1 });
  await spool.close();
  await appendFile(path, Buffer.concat([Buffer.alloc(1_300_000), Buffer.alloc(lineFeeds, '\n')]));

  let skipped = 0;
  const damaged = await openSpool(path, codec, { onDamage: (count) => (skipped = count) });
  await damaged.put('b', { n: 2 });
  await damaged.close();
  expect(skipped).toBe(1);
  const again = await openSpool(path, codec, { onDamage: () => expect.unreachable() });
  expect([...again.keys()]).toEqual(['a', 'b']);
  await again.close();
});

test('puts and removes that do not wait for each other take effect in their order', async () => {
  const action = fc.tuple(fc.constantFrom('put', 'remove', 'wait'), fc.integer({ min: 0, max: 2 }), fc.integer());
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 30 }), async (actions) => {
      const file = join(dir, `concurrent-${run++}`);
      const model = new Map<string, { n: number }>();
      const spool = await openSpool(file, codec);
      const answers: Promise<void>[] = [];
      for (const [what, key, n] of actions) {
        if (what === 'put') {
          model.set(`k${key}`, { n });
          answers.push(spool.put(`k${key}`, { n }));
        } else if (what === 'remove') {
          model.delete(`k${key}`);
          answers.push(spool.remove(`k${key}`));
          expect(spool.has(`k${key}`)).toBe(false);
        } else await answers.at(-1);
      }
      await Promise.all(answers);
      for (const reopened of [false, true]) {
        const now = reopened ? await openSpool(file, codec, { onDamage: () => expect.unreachable() }) : spool;
        expect(new Set(now.keys())).toEqual(new Set(model.keys()));
        for (const [key, record] of model) expect(await now.read(key)).toEqual(record);
        await now.close();
      }
    }),
    { numRuns: 60 },
  );
});

test('opening passes on the history of the file, and stops when it is told to', async () => {
  const spool = await openSpool(path, codec);
  for (const n of [1, 2]) await spool.put(`k${n}`, { n });
  await spool.put('k1', { n: 3 });
  await spool.remove('k2');
  await spool.close();

  const history: unknown[] = [];
  const onEntry = (key: string, record?: { n: number }) => void history.push([key, record?.n]);
  await (await openSpool(path, codec, { onEntry })).close();
  expect(history).toEqual([
    ['k1', 1],
    ['k2', 2],
    ['k1', 3],
    ['k2', undefined],
  ]);
  await expect(openSpool(path, codec, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/);
});

test('a full disk is an error only for the records that do not fit', async () => {
  // A limit on the file size stands for the full disk: in both cases, a write fails halfway.
  const module = await bundle(join(import.meta.dirname, '../../../src/adapters/files/spool.ts'), dir);
  const script = `
    process.on('SIGXFSZ', () => {});
    const { openSpool } = await import(${JSON.stringify(module)});
    const spool = await openSpool(process.argv[1], { parse: (x) => x });
    let failed;
    for (let n = 0; failed === undefined; n += 1)
      await spool.put('k' + n, { n, text: 'x'.repeat(900) }).catch((cause) => (failed = { n, code: cause.code }));
    const first = await spool.remove('k0').then(() => 'removed', () => 'refused');
    const second = await spool.remove('k0').then(() => 'removed', () => 'refused');
    Object.assign(failed, { first, second, has: spool.has('k0') });
    await spool.put('small', { n: -1 }).catch(() => {});
    process.stdout.write(JSON.stringify(failed));`;
  const node = [process.execPath, '--input-type=module', '-e', script, path];
  const child = spawn('bash', ['-c', 'ulimit -f 16; exec "$@"', 'bash', ...node]);
  let out = '';
  child.stdout.on('data', (text) => (out += text));
  let err = '';
  child.stderr.on('data', (text) => (err += text));
  await once(child, 'close');
  expect(err).toBe('');
  const failed = JSON.parse(out) as { n: number; code: string; first: string; second: string; has: boolean };
  expect(failed.code).toBe('EFBIG');
  const again = await openSpool(path, codec, { onDamage: () => expect.unreachable() });
  expect(failed.has).toBe(false);
  expect(again.has('k0')).toBe(failed.second === 'refused');
  const rest = [...again.keys()].filter((key) => key !== 'small' && key !== 'k0');
  expect(rest).toHaveLength(failed.n - 1);
  await again.close();
});

test('a directory that cannot be written is an error at once', async () => {
  await writeFile(path, '');
  await expect(openSpool(join(path, 'below'), codec)).rejects.toThrow(/EEXIST|ENOTDIR/);
  await chmod(dir, 0o500);
  // root can write anywhere
  if (process.getuid?.() !== 0) await expect(openSpool(path, codec)).rejects.toThrow(/EACCES/);
});
