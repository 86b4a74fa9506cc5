import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openClip } from '../../../src/adapters/opencv/clip.js';
import { openVideoFile } from '../../../src/adapters/opencv/video-writer.js';
import { flatImage, pixel } from '../../support/mat.js';

test('what is written can be played, frame by frame', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'roomwatch-'));
  const file = openVideoFile(join(dir, 'film.mp4'), 10, 320, 240);
  for (let n = 0; n < 12; n++) await file.write(flatImage(320, 240, [0, 20 * n, 0]));
  file.close();
  const clip = await openClip(join(dir, 'film.mp4'));
  expect([clip.width, clip.height, clip.fps, clip.frameCount]).toEqual([320, 240, 10, 12]);
  const greens: number[] = [];
  for (let n = 0; n < 12; n++) greens.push(pixel((await clip.read())!.bgr(), 160, 120)[1]!);
  greens.forEach((green, n) => expect(Math.abs(green - 20 * n)).toBeLessThan(8));
  clip.close();
  await rm(dir, { recursive: true });
});

test('a file that cannot be written throws', () => {
  expect(() => openVideoFile('/nowhere/film.mp4', 10, 320, 240)).toThrow(/ENOENT/);
});
