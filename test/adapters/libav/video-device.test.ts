import { mkdtemp, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createDeviceFinder, deviceOptions, deviceTrouble } from '../../../src/adapters/libav/video-device.js';

let dir = '';
afterEach(() => rm(dir, { recursive: true, force: true }));

/** A folder as /dev, with a device and its name. */
async function plugIn() {
  dir = await mkdtemp(join(tmpdir(), 'roomwatch-'));
  const device = join(dir, 'video0');
  const name = join(dir, 'usb-Cam_1-video-index0');
  await writeFile(device, '');
  await symlink(device, name);
  return { device, name };
}

test('a camera that was plugged in again is found under its new number', async () => {
  const { device, name } = await plugIn();
  const find = createDeviceFinder(device, dir);
  expect(await find()).toBe(name);
  await unlink(device);
  await expect(find()).rejects.toThrow(`${device} is gone: plug the camera in again (${name})`);
  await unlink(name);
  await writeFile(join(dir, 'video1'), '');
  // Another camera has the old number now.
  await writeFile(device, '');
  await expect(find()).rejects.toThrow('is gone');
  await symlink(join(dir, 'video1'), name);
  expect(await find()).toBe(name);
});

test('without a lasting name, or where it is the source, the source is opened', async () => {
  const { device, name } = await plugIn();
  expect(await createDeviceFinder(name, dir)()).toBe(name);
  expect(await createDeviceFinder(device, join(dir, 'none'))()).toBe(device);
  const absent = join(dir, 'video7');
  expect(await createDeviceFinder(absent, dir)()).toBe(absent);
});

test('MJPG is asked for above 640 x 480, before what the device gives by itself', () => {
  expect(deviceOptions([640, 480], 16)).toEqual(['video_size;640x480|framerate;16']);
  expect(deviceOptions([1280, 720], 30)).toEqual([
    'input_format;mjpeg|video_size;1280x720|framerate;30',
    'video_size;1280x720|framerate;30',
  ]);
});

test.each([
  ['No such file or directory', 'is not there: is the camera plugged in?'],
  ['Device or resource busy', 'is in use by another program (fuser /dev/video0)'],
  ['Permission denied', 'may not be read: sudo usermod -aG video'],
  ['Invalid argument', 'cannot be opened: not a camera'],
])('%s: the device %s', (words, said) => {
  expect(deviceTrouble('/dev/video0', words)).toContain(`/dev/video0 ${said}`);
});
