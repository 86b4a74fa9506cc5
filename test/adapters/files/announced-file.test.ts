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
const deserted = () => Promise.resolve(true);
const inhabited = () => Promise.resolve(false);

test('what was announced is known to the next run', async () => {
  const home = await rooms('kitchen');
  expect(await openAnnouncedFile(home, 'kitchen', 'cam', deserted).earlier()).toEqual([]);
  await openAnnouncedFile(home, 'kitchen', 'cam', deserted).remember(['a']);
  expect(await openAnnouncedFile(home, 'kitchen', 'cam', deserted).earlier()).toEqual(['a']);
});

test('a renamed room takes over what was announced under its old name, once', async () => {
  const home = await rooms('kitchen', 'pantry');
  await openAnnouncedFile(home, 'kitchen', 'rtsp://u:p@cam', deserted).remember(['old']);
  expect(await openAnnouncedFile(home, 'pantry', 'rtsp://u:p@cam', deserted).earlier()).toEqual(['old']);
  expect(await openAnnouncedFile(home, 'pantry', 'rtsp://u:p@cam', deserted).earlier()).toEqual(['old']);
  expect(await readdir(join(home, 'kitchen'))).toEqual([]);
});

test('a room of another camera, or where a detector runs, keeps its own', async () => {
  const home = await rooms('kitchen', 'pantry');
  await openAnnouncedFile(home, 'kitchen', 'cam 1', deserted).remember(['old']);
  expect(await openAnnouncedFile(home, 'pantry', 'cam 2', deserted).earlier()).toEqual([]);
  expect(await openAnnouncedFile(home, 'pantry', 'cam 1', inhabited).earlier()).toEqual([]);
});

test('a damaged file says nothing', async () => {
  const home = await rooms('kitchen', 'pantry');
  await writeFile(join(home, 'kitchen', 'home-assistant.json'), '{"topics":');
  expect(await openAnnouncedFile(home, 'kitchen', 'cam', deserted).earlier()).toEqual([]);
  expect(await openAnnouncedFile(home, 'pantry', 'cam', deserted).earlier()).toEqual([]);
});
