import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openAnnouncedFile } from '../../../src/adapters/files/announced-file.js';

async function rooms(...names: string[]): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'roomwatch-announced-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  for (const name of names) await mkdir(join(directory, name));
  return directory;
}
const unused = () => Promise.resolve(true);
const inUse = () => Promise.resolve(false);

test('the next run knows what was announced', async () => {
  const home = await rooms('kitchen');
  expect(await openAnnouncedFile(home, 'kitchen', 'cam', unused).earlier()).toEqual([]);
  await openAnnouncedFile(home, 'kitchen', 'cam', unused).remember(['a'], { fps: { platform: 'sensor', qos: 1 } });
  expect(await openAnnouncedFile(home, 'kitchen', 'cam', unused).earlier()).toEqual(['a']);
  expect(await openAnnouncedFile(home, 'kitchen', 'cam', unused).earlierComponents()).toEqual({
    fps: { platform: 'sensor', qos: 1 },
  });
});

test('a renamed room takes over what was announced under its old name, once', async () => {
  const home = await rooms('kitchen', 'pantry');
  await openAnnouncedFile(home, 'kitchen', 'rtsp://u:p@cam', unused).remember(['old'], {});
  expect(await openAnnouncedFile(home, 'pantry', 'rtsp://u:p@cam', unused).earlier()).toEqual(['old']);
  expect(await openAnnouncedFile(home, 'pantry', 'rtsp://u:p@cam', unused).earlier()).toEqual(['old']);
  expect(await readdir(join(home, 'kitchen'))).toEqual([]);
});

test('a room with another camera or a running detector keeps its own announcement', async () => {
  const home = await rooms('kitchen', 'pantry');
  await openAnnouncedFile(home, 'kitchen', 'cam 1', unused).remember(['old'], {});
  expect(await openAnnouncedFile(home, 'pantry', 'cam 2', unused).earlier()).toEqual([]);
  expect(await openAnnouncedFile(home, 'pantry', 'cam 1', inUse).earlier()).toEqual([]);
});

test('a damaged file counts as empty', async () => {
  const home = await rooms('kitchen', 'pantry');
  await writeFile(join(home, 'kitchen', 'home-assistant.json'), '{"topics":');
  expect(await openAnnouncedFile(home, 'kitchen', 'cam', unused).earlier()).toEqual([]);
  expect(await openAnnouncedFile(home, 'pantry', 'cam', unused).earlier()).toEqual([]);
});
