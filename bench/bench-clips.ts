import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';

const vtest = '/usr/share/doc/opencv-doc/examples/data/vtest.avi';
const folder = 'bench/clips';

/** A clip of the benchmark, made when it is not there yet. */
export type BenchClip = { readonly path: string; readonly frames: number; readonly fps: number };

/**
 * OpenCV's vtest.avi (768x576, people walk through it all the time) as H.264, sixteen times in a row: what starting costs,
 * and is no cost of a frame, is then little for everybody.
 */
export function vtestClip(): BenchClip {
  const once = make('vtest.mp4', ['-i', vtest, '-an', '-c:v', 'libx264', '-pix_fmt', 'yuv420p']);
  const path = make('vtest-16.mp4', ['-stream_loop', '15', '-i', once, '-c', 'copy']);
  return { path, frames: 12_720, fps: 10 };
}

/** What a usual camera shows of a room, 640x480 at 10 frames a second, 21 minutes: those people all the time, or nobody. */
export function roomClip(has: 'people' | 'nobody'): BenchClip {
  const x264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-g', '20'];
  const wall = 'color=c=0x606060:size=640x480:rate=10:duration=79.5,noise=alls=6:allf=t';
  const input = has === 'people' ? ['-i', vtest, '-an', '-vf', 'scale=640:480'] : ['-f', 'lavfi', '-i', wall];
  const once = make(`${has}.mp4`, [...input, ...x264]);
  const path = make(`${has}-16.mp4`, ['-stream_loop', '15', '-i', once, '-c', 'copy']);
  return { path, frames: 12_720, fps: 10 };
}

/** A main stream, 1920x1080 at 15 frames and 4 Mbit a second, a key frame every two seconds, five minutes. */
export function fineClip(): BenchClip {
  const wall = 'testsrc2=size=1920x1080:rate=15:duration=30,noise=alls=20:allf=t';
  const rate = ['-b:v', '4M', '-minrate', '4M', '-maxrate', '4M', '-bufsize', '4M', '-x264-params', 'nal-hrd=cbr'];
  const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '30', ...rate];
  const once = make('fine.mp4', ['-f', 'lavfi', '-i', wall, ...x264]);
  const path = make('fine-10.mp4', ['-stream_loop', '9', '-i', once, '-c', 'copy']);
  return { path, frames: 4500, fps: 15 };
}

/**
 * Noise over gray, 640x480 at 25 frames a second, through which a bar moves for a part of every `period` seconds: many
 * visits in little time.
 */
export function visitsClip(seconds: number, { period = 8, moving = 3 } = {}): BenchClip {
  const x264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p'];
  return film(`visits-${seconds}-${period}-${moving}.mp4`, { seconds, fps: 25, scale: 1, period, moving }, x264);
}

/**
 * The same, 320x240 at 10 frames a second, two visits in every 100 s: cheap to decode, for a million frames. Nearly
 * three hours of it: with each repetition a scene begins anew, which no camera does all the time.
 */
export function tinyClip(): BenchClip {
  const mpeg4 = ['-c:v', 'mpeg4', '-q:v', '5'];
  const once = film('tiny-visits.avi', { seconds: 100, fps: 10, scale: 0.5, period: 40, moving: 6 }, mpeg4);
  const times = 100;
  const path = make(`tiny-visits-${times}.avi`, ['-stream_loop', String(times - 1), '-i', once.path, '-c', 'copy']);
  return { ...once, path, frames: once.frames * times };
}

type Film = { seconds: number; fps: number; scale: number; period: number; moving: number };

/** The bar first comes after 7 s: a scene must be learned. */
function film(name: string, { seconds, fps, scale, period, moving }: Film, codec: readonly string[]): BenchClip {
  const of = (pixels: number) => pixels * scale;
  const clock = `rate=${fps}:duration=${seconds}`;
  const wall = `color=c=0x606060:size=${of(640)}x${of(480)}:${clock},noise=alls=6:allf=t`;
  const bar = `color=c=0xd0c0b0:size=${of(90)}x${of(300)}:${clock}`;
  const place = `x='${of(40)}+${of(480 / moving)}*mod(t\\,${period})':y=${of(120)}`;
  const walk = `[0][1]overlay=${place}:enable='lt(mod(t\\,${period})\\,${moving})*gt(t\\,7)'`;
  const input = ['-f', 'lavfi', '-i', wall, '-f', 'lavfi', '-i', bar, '-filter_complex', walk];
  return { path: make(name, [...input, ...codec]), frames: seconds * fps, fps };
}

function make(name: string, args: readonly string[]): string {
  mkdirSync(folder, { recursive: true });
  const path = `${folder}/${name}`;
  if (!existsSync(path)) execFileSync('ffmpeg', ['-v', 'error', '-y', ...args, path]);
  return path;
}
