import { execFile, execFileSync } from 'node:child_process';
import { copyFile, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { framesOfClip, openClip, pathOf } from '../../../src/adapters/opencv/clip.js';

import { makeClip } from '../../support/clips.js';
import { testFilm } from '../../support/test-film.js';

const sample = 'assets/sample.mp4';
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'roomwatch-'));
});
afterAll(() => rm(dir, { recursive: true }));

async function timesOf(path: string): Promise<readonly number[]> {
  const times: number[] = [];
  for await (const { atSeconds } of framesOfClip(await openClip(path))) times.push(Math.round(atSeconds * 1000) / 1000);
  return times;
}

test('gives every frame, in order, on the time of the clip', async () => {
  const clip = await openClip(sample);
  const { fps, seconds, width, height } = clip;
  const seen: number[] = [];
  for await (const { frame, atSeconds, picture } of framesOfClip(clip)) {
    expect([frame, atSeconds]).toEqual([seen.length, seen.length / fps]);
    expect([picture.width, picture.height, picture.bgr().channels]).toEqual([width, height, 3]);
    seen.push(frame);
  }
  expect(seen).toHaveLength(Math.round(seconds * fps));
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
  const garbage = join(dir, 'garbage.mp4');
  await writeFile(garbage, Buffer.alloc(100_000, 'no film'));
  await expect(openClip(join(dir, 'none.mp4'))).rejects.toThrow(`cannot read the clip ${dir}/none.mp4: no such file`);
  await expect(openClip(garbage)).rejects.toThrow(`cannot read the clip ${garbage}: not a video`);
  await expect(openClip(dir)).rejects.toThrow(`cannot read the clip ${dir}: this is a folder`);
  const empty = join(dir, 'empty.mkv');
  await writeFile(empty, '');
  await expect(openClip(empty)).rejects.toThrow(`cannot read the clip ${empty}: the file is empty`);
});

const pause = ['-vf', "setpts='if(lt(N,4),N/10,N/10+5)/TB'", '-vsync', 'vfr'];
const paused = [0, 0.1, 0.2, 0.3, 5.4, 5.5, 5.6, 5.7, 5.8, 5.9];
const even = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

test.each([
  ['paused.mp4', pause, paused],
  ['paused.mkv', [...pause, '-c:v', 'mjpeg'], paused],
  ['even.ts', ['-c:v', 'mpeg2video'], even],
  ['even.gif', [], even],
  ['even.webm', ['-c:v', 'libvpx'], even],
  ['even.flv', [], even],
  ['raw.h264', ['-c:v', 'libx264', '-bf', '2'], even],
] as const)('%s: each frame happens when its time stamp says', async (name, options, expected) => {
  const path = testFilm(join(dir, name), 'testsrc=size=160x120', ...options);
  expect(await timesOf(path)).toEqual(expected);
});

test.each(['10:15:30.avi', 'http:x.avi', 'a b%41.avi', `"quoted" and 'single'.avi`, 'Küche 100%.avi', 'cam%03d.avi'])(
  'a file named %s',
  async (name) => {
    const clip = await makeClip(join(dir, 'plain.avi'), { seconds: 1, fps: 5 });
    await copyFile(clip, join(dir, name));
    expect(await timesOf(join(dir, name))).toEqual([0, 0.2, 0.4, 0.6, 0.8]);
    // A relative path, too.
    const here = process.cwd();
    try {
      process.chdir(dir);
      expect(await timesOf(name)).toHaveLength(5);
    } finally {
      process.chdir(here);
    }
  },
);

test('a picture whose name looks like a numbered series', async () => {
  const path = testFilm(join(dir, 'one.png'), 'testsrc=size=160x120', '-frames:v', '1');
  await copyFile(path, join(dir, 'p%03d.png'));
  expect(await timesOf(join(dir, 'p%03d.png'))).toEqual([0]);
});

test.each([
  ['/a b.mp4', '/a b.mp4'],
  ['file:///a%20b.mp4', '/a b.mp4'],
  ['file:///100%.mp4', '/100%.mp4'],
  ['file://clip.mp4', 'clip.mp4'],
])('%s is the file %s', (source, path) => {
  expect(pathOf(source)).toBe(path);
});

test('a pipe is read as it is written, and nobody has to write to it', async () => {
  const pipe = join(dir, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const stop = new AbortController();
  const opening = openClip(pipe, stop.signal);
  setTimeout(() => stop.abort(), 100);
  await expect(opening).rejects.toThrow(/abort/);

  const film = testFilm(join(dir, 'piped.ts'), 'testsrc=size=160x120', '-c:v', 'mpeg2video');
  // The one that was stopped may not have let go of the first pipe yet.
  execFileSync('mkfifo', [`${pipe}2`]);
  const clip = openClip(`${pipe}2`);
  execFile('sh', ['-c', 'cat "$0" > "$1"', film, `${pipe}2`]);
  const times: number[] = [];
  for await (const { atSeconds } of framesOfClip(await clip)) times.push(Math.round(atSeconds * 10) / 10);
  expect(times).toEqual(even);
});

test('a pipe in which the video stops can be stopped', async () => {
  const pipe = join(dir, 'silent');
  execFileSync('mkfifo', [pipe]);
  const stop = new AbortController();
  const opening = openClip(pipe, stop.signal);
  const writer = await open(pipe, 'w');
  await writer.write(await readFile(testFilm(join(dir, 'begun.ts'), 'testsrc=size=160x120', '-c:v', 'mpeg2video')));
  setTimeout(() => stop.abort(), 100);
  await expect(opening).rejects.toThrow(/abort/);
  await writer.close();
});

test('when it was recorded, where the header says so', async () => {
  const dated = (name: string, time: string) =>
    testFilm(join(dir, name), 'testsrc=size=160x120', '-metadata', `creation_time=${time}`);
  const at = Date.UTC(2024, 4, 6, 7, 8, 9) / 1000;
  expect((await openClip(dated('dated.mp4', '2024-05-06T07:08:09Z'))).recordedAt).toBe(at);
  expect((await openClip(dated('dated.mkv', '2024-05-06T07:08:09Z'))).recordedAt).toBe(at);
  // A camera whose clock was not set.
  expect((await openClip(dated('old.mp4', '1970-01-01T00:00:00Z'))).recordedAt).toBeUndefined();
  expect((await openClip(sample)).recordedAt).toBeUndefined();
});
