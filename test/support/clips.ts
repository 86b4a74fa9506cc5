import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

type Film = { readonly seconds: number; readonly fps: number; readonly size?: string };

/** A part of a film as a clip of its own, with as many frames a second; answers the path. */
export async function cutClip(path: string, film: string, from: number, seconds: number): Promise<string> {
  const part = ['-ss', String(from), '-t', String(seconds), '-i', film];
  await run('ffmpeg', ['-v', 'error', '-y', ...part, '-c:v', 'mjpeg', '-q:v', '4', '-pix_fmt', 'yuvj420p', path]);
  return path;
}

/** Makes ffmpeg's moving test picture into a clip (the format by the path's ending, every frame a key frame); answers the path. */
export async function makeClip(path: string, { seconds, fps, size = '320x240' }: Film): Promise<string> {
  const picture = `testsrc=size=${size}:rate=${fps}:duration=${seconds}`;
  const input = ['-f', 'lavfi', '-i', picture];
  await run('ffmpeg', ['-v', 'error', '-y', ...input, '-c:v', 'mjpeg', '-q:v', '4', '-pix_fmt', 'yuvj420p', path]);
  return path;
}
