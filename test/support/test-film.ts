import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Picture } from '../../src/adapters/opencv/picture.js';
import { openVideo } from '../../src/adapters/opencv/video.js';

/** A second of something drawn by ffmpeg (an lavfi source such as `testsrc=size=320x240`), 10 frames. */
export function testFilm(path: string, source: string, ...options: string[]): string {
  const input = ['-f', 'lavfi', '-i', `${source}:rate=10:duration=1`];
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...input, ...options, path], { timeout: 60_000 });
  return path;
}

/** The film (MP4) as a phone that was held upright writes it: to be turned by a quarter. */
export function turnFilm(path: string): string {
  const bytes = readFileSync(path);
  // ISO 14496-12 §8.3.2: the matrix of the track's header, here a quarter turn, as 16.16 fixed-point numbers.
  const quarter = [0, 0x10000, 0, -0x10000, 0, 0];
  const matrix = bytes.indexOf('tkhd') + 44;
  quarter.forEach((value, n) => bytes.writeInt32BE(value, matrix + 4 * n));
  writeFileSync(path, bytes);
  return path;
}

/** The first picture of a film; the caller releases it. */
export async function firstPicture(path: string): Promise<Picture> {
  const video = await openVideo(path, {});
  await video.grab();
  const picture = video.take();
  video.close();
  return picture;
}
