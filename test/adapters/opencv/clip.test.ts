import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { framesOfClip, openClip } from '../../../src/adapters/opencv/clip.js';

const sample = 'assets/sample.mp4';

test('gives every frame, in order, on the time of the clip', async () => {
  const clip = await openClip(sample);
  const { fps, frameCount, width, height } = clip;
  const seen: number[] = [];
  for await (const { frame, atSeconds, picture } of framesOfClip(clip)) {
    expect([frame, atSeconds]).toEqual([seen.length, seen.length / fps]);
    expect([picture.width, picture.height, picture.bgr().channels]).toEqual([width, height, 3]);
    seen.push(frame);
  }
  expect(seen).toHaveLength(frameCount);
});

test('a picture lives until the next is asked for, which takes over its memory', async () => {
  const frames = framesOfClip(await openClip(sample));
  const first = (await frames.next()).value!;
  const image = first.picture.bgr();
  expect(image.rows).toBe(480);
  const before = image.getData();
  const second = (await frames.next()).value!;
  expect(second.picture.bgr()).toBe(image);
  expect(image.getData().equals(before)).toBe(false);
  await frames.return();
});

test('says which file cannot be read, and why', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'roomwatch-'));
  const garbage = join(dir, 'garbage.mp4');
  await writeFile(garbage, Buffer.alloc(100_000, 'no film'));
  await expect(openClip(join(dir, 'none.mp4'))).rejects.toThrow(`cannot read the clip ${dir}/none.mp4: no such file`);
  await expect(openClip(garbage)).rejects.toThrow(`cannot read the clip ${garbage}: not a video`);
  await expect(openClip(dir)).rejects.toThrow(`cannot read the clip ${dir}`);
  await rm(dir, { recursive: true });
});
