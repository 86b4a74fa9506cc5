import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';

const vtest = '/usr/share/doc/opencv-doc/examples/data/vtest.avi';
const folder = 'bench/clips';

/** A clip of the benchmark, made when it is not there yet. */
export type BenchClip = { readonly path: string; readonly frames: number; readonly fps: number };

/** OpenCV's vtest.avi (768x576, people walk through it all the time) as H.264, twice in a row. */
export function vtestClip(): BenchClip {
  const once = make('vtest.mp4', ['-i', vtest, '-an', '-c:v', 'libx264', '-pix_fmt', 'yuv420p']);
  const path = make('vtest-twice.mp4', ['-stream_loop', '1', '-i', once, '-c', 'copy']);
  return { path, frames: 1590, fps: 10 };
}

/** Noise over gray at 25 frames a second, through which a bar moves for 3 of every 8 seconds: many visits in little time. */
export function visitsClip(seconds: number): BenchClip {
  const wall = `color=c=0x606060:size=640x480:rate=25:duration=${seconds},noise=alls=6:allf=t`;
  const bar = `color=c=0xd0c0b0:size=90x300:rate=25:duration=${seconds}`;
  const walk = `[0][1]overlay=x='40+160*mod(t\\,8)':y=120:enable='lt(mod(t\\,8)\\,3)*gt(t\\,7)'`;
  const input = ['-f', 'lavfi', '-i', wall, '-f', 'lavfi', '-i', bar, '-filter_complex', walk];
  const path = make(`visits-${seconds}.mp4`, [
    ...input,
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-pix_fmt',
    'yuv420p',
  ]);
  return { path, frames: seconds * 25, fps: 25 };
}

/** Small and cheap to decode, for a million frames: a square wanders. */
export function tinyClip(): BenchClip {
  const film = 'testsrc=size=320x240:rate=10:duration=100';
  const path = make('tiny.avi', ['-f', 'lavfi', '-i', film, '-c:v', 'mpeg4', '-q:v', '5']);
  return { path, frames: 1000, fps: 10 };
}

function make(name: string, args: readonly string[]): string {
  mkdirSync(folder, { recursive: true });
  const path = `${folder}/${name}`;
  if (!existsSync(path)) execFileSync('ffmpeg', ['-v', 'error', '-y', ...args, path]);
  return path;
}
