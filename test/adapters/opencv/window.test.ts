import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openFullOpenCv } from '../../../src/adapters/opencv/binding.js';
import { bundle, folderInCheckout } from '../../support/bundle.js';
import { pixel } from '../../support/mat.js';

const run = promisify(execFile);
let dir: string;
let program: string;
beforeAll(async () => {
  dir = await folderInCheckout();
  program = await bundle('test/support/show-window.ts', dir);
});
afterAll(() => rm(dir, { recursive: true }));

test('the picture is on the screen, and q ends it', async () => {
  const screenshot = join(dir, 'screen.png');
  const screen = ['-a', '-s', '-screen 0 640x480x24'];
  const { stdout } = await run('xvfb-run', [...screen, process.execPath, program, screenshot]);
  expect(stdout).toBe('q was pressed\n');
  const seen = openFullOpenCv().imdecode(await readFile(screenshot));
  const blue = [];
  for (let y = 0; y < 480; y += 16)
    for (let x = 0; x < 640; x += 16) if (pixel(seen, x, y).join() === '255,0,0') blue.push([x, y]);
  // The image, and nothing around it, is blue: a quarter of the screen.
  expect(blue.length).toBeGreaterThan(270);
  expect(blue.length).toBeLessThan(330);
});

test('without a display it says so', async () => {
  const env = { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '' };
  await expect(run(process.execPath, [program, 'unused'], { env })).rejects.toThrow(/there is no display/);
});
