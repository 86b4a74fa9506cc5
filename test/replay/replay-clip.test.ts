import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { runReplay } from '../../src/replay/replay-clip.js';
import { configOf } from '../support/config-file.js';
import { testFilm } from '../support/test-film.js';

let dir = '';
afterEach(() => rm(dir, { recursive: true, force: true }));

/** What a replay of a film, made with these options of ffmpeg, reports and writes. */
async function replay(name: string, options: readonly string[]) {
  dir = await mkdtemp(join(tmpdir(), 'roomwatch-'));
  const clip = testFilm(join(dir, name), 'testsrc=size=160x120', ...options);
  const config = configOf('recognition: {enabled: false}');
  const run = { clip, out: join(dir, 'out'), video: false, plot: true };
  const report = await runReplay(run, config, new AbortController().signal);
  const lines = async (file: string) =>
    (await readFile(join(dir, 'out', file), 'utf8')).trim().split('\n').map((line) => JSON.parse(line) as Line); // prettier-ignore
  return { report, frames: await lines('frames.ndjson'), messages: await lines('messages.ndjson') };
}
type Line = { at_seconds: number; topic?: string; payload?: { at?: string } };

const statusOf = (messages: readonly Line[]) =>
  messages
    .filter(({ topic }) => topic === 'roomwatch/room/room-status')
    .map(({ at_seconds, payload }) => [at_seconds, payload?.at]);

test('messages carry the date of recording where the file has one', async () => {
  const dated = await replay('dated.mp4', ['-metadata', 'creation_time=2024-05-06T07:08:09Z']);
  expect(statusOf(dated.messages)).toEqual([[0, '2024-05-06T07:08:09.000Z']]);
  const plain = await replay('plain.mp4', []);
  expect(statusOf(plain.messages)).toEqual([[0, '1970-01-01T00:00:00.000Z']]);
  expect(dated.frames).toEqual(plain.frames);
});

test('a clip with a pause has its true length', async () => {
  const pause = ['-vf', "setpts='if(lt(N,4),N/10,N/10+5)/TB'", '-vsync', 'vfr', '-c:v', 'mjpeg'];
  const { report, frames } = await replay('paused.mkv', pause);
  expect(frames.map(({ at_seconds }) => at_seconds)).toEqual([0, 0.1, 0.2, 0.3, 5.4, 5.5, 5.6, 5.7, 5.8, 5.9]);
  expect(report).toMatch(/^paused\.mkv: 10 frames, 0:06\.\d;/);
});
