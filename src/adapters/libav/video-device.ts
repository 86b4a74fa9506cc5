import { access, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';

/** Finds the file of a V4L2 device before each attempt to open it. */
export type DeviceFinder = () => Promise<string>;

/**
 * A USB camera that was plugged out and in again may get another number. Its name below `/dev/v4l/by-id` stays: once the
 * device was there, it is found by that name only, so that no other camera is taken for it. Without such a name, and for a
 * source that is a lasting name itself, the answer is the source.
 * @param names the folder with the lasting names, each a link to a device
 */
export function createDeviceFinder(source: string, names = '/dev/v4l/by-id'): DeviceFinder {
  let lasting: string | undefined;
  return async () => {
    lasting ??= await nameOf(source, names);
    if (lasting === undefined) return source;
    await access(lasting).catch((cause: unknown) => {
      throw new Error(`${source} is gone: plug the camera in again (${lasting})`, { cause });
    });
    return lasting;
  };
}

async function nameOf(source: string, names: string): Promise<string | undefined> {
  const target = (path: string) => realpath(path).catch(() => undefined);
  const device = await target(source);
  if (device === undefined || device !== source) return undefined;
  for (const name of await readdir(names).catch(() => [])) {
    if ((await target(join(names, name))) === device) return join(names, name);
  }
  return undefined;
}

/**
 * What to ask of a V4L2 device, as options of libav; where the device refuses one, the next is tried. Above 640 x 480, USB 2
 * carries uncompressed pictures at 5 to 10 a second only, and uncompressed is what a device gives if nothing is asked.
 */
export function deviceOptions([width, height]: readonly [number, number], fps: number): readonly string[] {
  const plain = `video_size;${width}x${height}|framerate;${fps}`;
  return width * height > 640 * 480 ? [`input_format;mjpeg|${plain}`, plain] : [plain];
}

/** Why a device could not be opened, in words for a person, from libav's own. */
export function deviceTrouble(source: string, words: string): string {
  if (/no such (file|device)/i.test(words))
    return `${source} is not there: is the camera plugged in? (ls /dev/v4l/by-id)`;
  if (/busy/i.test(words)) return `${source} is in use by another program (fuser ${source})`;
  if (/permission/i.test(words)) return `${source} may not be read: sudo usermod -aG video $USER, then log in again`;
  return `${source} cannot be opened: not a camera, or no format that ffmpeg reads (v4l2-ctl --list-formats)`;
}
