import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { openCv, openFullOpenCv, promised } from '../../../src/adapters/opencv/binding.js';
import { bundle, folderInCheckout } from '../../support/bundle.js';

const run = promisify(execFile);

test('is loaded once, and held to one thread', () => {
  expect(openCv()).toBe(openCv());
  expect(openCv().getNumThreads()).toBe(1);
});

test('what the binding says wrong becomes an Error', async () => {
  const nothing = new (openCv().Mat)();
  await expect(promised((done) => void Reflect.apply(nothing.cvtColorAsync, nothing, [0, done]))).rejects.toThrow(
    /OpenCV Error/,
  );
});

test('after the lean form was loaded, the full one is refused', () => {
  openCv();
  expect(() => openFullOpenCv()).toThrow('loaded already');
});

test('without its binding it says what to do', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'roomwatch-'));
  const module = await bundle('src/adapters/opencv/binding.ts', dir);
  const program = `import { openCv } from ${JSON.stringify(module)}; try { openCv() } catch (error) { console.log(error.message) }`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program]);
  expect(stdout).toBe('OpenCV cannot be loaded (its binding is missing or broken): run `npm run setup`\n');
  await rm(dir, { recursive: true });
});

test('loading it prints nothing', async () => {
  const dir = await folderInCheckout();
  const module = await bundle('src/adapters/opencv/binding.ts', dir);
  const program = `import { openCv } from ${JSON.stringify(module)}; openCv();`;
  const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', program]);
  expect(stdout + stderr).toBe('');
  await rm(dir, { recursive: true });
});
