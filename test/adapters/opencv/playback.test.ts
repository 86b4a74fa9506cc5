import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openClip } from '../../../src/adapters/opencv/clip.js';
import { playClip } from '../../../src/adapters/opencv/playback.js';
import { makeClip } from '../../support/clips.js';
import { testFilm } from '../../support/test-film.js';

let dir: string;
/** 30 frames, 10 a second. */
let clip: string;
/** The same, cut off in the middle. */
let broken: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'roomwatch-'));
  clip = await makeClip(join(dir, 'clip.avi'), { seconds: 3, fps: 10 });
  broken = join(dir, 'broken.avi');
  const bytes = await readFile(clip);
  await writeFile(broken, bytes.subarray(0, bytes.length / 2));
});
afterAll(() => rm(dir, { recursive: true }));

const fast = { fps: 16, pace: 'fast', loop: false } as const;
const never = new AbortController().signal;

test('fast: every frame, on the time of the clip', async () => {
  const at: number[] = [];
  const kinds = new Set<string>();
  for await (const event of playClip(clip, fast, never)) {
    kinds.add(event.kind);
    if (event.kind === 'frame') at.push(event.at);
  }
  expect([...kinds]).toEqual(['opened', 'frame']);
  expect(at).toHaveLength(30);
  expect(at.at(-1)! - at[0]!).toBeCloseTo(2.9, 5);
});

test('no more frames a second than asked; the others are counted', async () => {
  let frames = 0;
  let dropped = 0;
  for await (const event of playClip(clip, { ...fast, fps: 5 }, never)) {
    if (event.kind !== 'frame') continue;
    frames++;
    dropped += event.dropped;
  }
  expect([frames, dropped]).toEqual([15, 14]);
});

test('realtime: a frame comes when it happens', async () => {
  const startedAt = Date.now() / 1000;
  for await (const event of playClip(clip, { ...fast, pace: 'realtime' }, never)) {
    const late = Date.now() / 1000 - event.at;
    if (event.kind === 'frame') expect(late).toBeGreaterThan(-0.005);
  }
  expect(Date.now() / 1000 - startedAt).toBeGreaterThan(2.8);
});

test('realtime: who asks late gets the newest frame, and hears how many he missed', async () => {
  const events = playClip(clip, { ...fast, pace: 'realtime' }, never);
  const take = async () => (await events.next()).value!;
  await take();
  const first = await take();
  // Frames are pulled: being busy is not asking.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const next = await take();
  expect(next.kind === 'frame' && next.dropped).toBeGreaterThan(5);
  expect(next.at - first.at).toBeGreaterThan(0.7);
  await events.return();
});

test('a loop goes on in time and says opened at its seam', async () => {
  const stop = new AbortController();
  const opened: number[] = [];
  let last = 0;
  for await (const event of playClip(clip, { ...fast, loop: true }, stop.signal)) {
    expect(event.at).toBeGreaterThanOrEqual(last);
    last = event.at;
    if (event.kind === 'opened') opened.push(event.at);
    if (opened.length === 3) stop.abort();
  }
  expect(opened[2]! - opened[1]!).toBeCloseTo(3, 5);
});

test('a file that breaks off is lost, and the iteration ends', async () => {
  const last: unknown[] = [];
  for await (const event of playClip(broken, fast, never)) if (event.kind !== 'frame') last.push(event);
  expect(last).toMatchObject([{ kind: 'opened' }, { kind: 'lost' }]);
  expect((last[1] as { why: string }).why).toMatch(/^the clip breaks off after 1\.\d s of 3\.0 s$/);
});

test('a file that cannot be read at the start throws', async () => {
  const events = playClip(join(dir, 'none.avi'), { ...fast, loop: true }, never);
  await expect(events.next()).rejects.toThrow('no such file');
});

test('stops while it waits for the next frame', async () => {
  const slow = await makeClip(join(dir, 'slow.avi'), { seconds: 60, fps: 1 });
  expect((await openClip(slow)).fps).toBe(1);
  const stop = new AbortController();
  const events = playClip(slow, { ...fast, pace: 'realtime', loop: true }, stop.signal);
  await events.next();
  await events.next();
  const next = events.next();
  const startedAt = Date.now();
  stop.abort();
  expect((await next).done).toBe(true);
  expect(Date.now() - startedAt).toBeLessThan(500);
});

test('a clip of one picture that is to loop is one scene, a frame a second', async () => {
  const still = testFilm(join(dir, 'still.png'), 'testsrc=size=160x120', '-frames:v', '1');
  const stop = new AbortController();
  const events: string[] = [];
  const at: number[] = [];
  for await (const event of playClip(still, { ...fast, loop: true }, stop.signal)) {
    events.push(event.kind);
    at.push(event.at);
    if (events.length === 4) stop.abort();
  }
  expect(events).toEqual(['opened', 'frame', 'frame', 'frame']);
  expect(at.at(-1)! - at[0]!).toBeCloseTo(2, 5);
});
