import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { framesOfClip, openClip } from '../../../src/adapters/opencv/clip.js';
import { openVideoFile } from '../../../src/adapters/opencv/video-writer.js';
import { flatImage, pixel } from '../../support/mat.js';

test('what is written can be played, frame by frame', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'roomwatch-'));
  const file = openVideoFile(join(dir, 'film.mp4'), 10, 320, 240);
  for (let n = 0; n < 12; n++) await file.write(flatImage(320, 240, [0, 20 * n, 0]), n / 10);
  file.close();
  const clip = await openClip(join(dir, 'film.mp4'));
  expect([clip.width, clip.height, clip.fps, clip.seconds]).toEqual([320, 240, 10, 1.2]);
  const greens: number[] = [];
  for (let n = 0; n < 12; n++) greens.push(pixel((await clip.read())!.picture.bgr(), 160, 120)[1]!);
  greens.forEach((green, n) => expect(Math.abs(green - 20 * n)).toBeLessThan(8));
  clip.close();
  await rm(dir, { recursive: true });
});

test('an uneven rate becomes even, and another size the one of the file', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'roomwatch-'));
  const file = openVideoFile(join(dir, 'film.mp4'), 10, 320, 240);
  const gray = (value: number, width = 320) => flatImage(width, 240, [value, value, value]);
  await file.write(gray(0), 0);
  await file.write(gray(100, 160), 0.5);
  await file.write(gray(180), 0.52);
  await file.write(gray(220), 0.7);
  file.close();
  const seen: number[] = [];
  for await (const { picture } of framesOfClip(await openClip(join(dir, 'film.mp4'))))
    seen.push(Math.round(pixel(picture.bgr(), 160, 120)[1]! / 10) * 10);
  expect(seen).toEqual([0, 0, 0, 0, 0, 100, 100, 220]);
  await rm(dir, { recursive: true });
});

test('a file that cannot be written throws', () => {
  expect(() => openVideoFile('/nowhere/film.mp4', 10, 320, 240)).toThrow(/ENOENT/);
});
