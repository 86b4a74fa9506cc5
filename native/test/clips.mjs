import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
const jpeg = ['-c:v', 'mjpeg', '-q:v', '4', '-pix_fmt', 'yuvj420p'];

/** Every kind of clip that the tests make: name, size, ffmpeg's options. */
const kinds = [
  ['h264.mp4', '320x240', x264],
  ['h264-b-frames.mkv', '320x240', ['-c:v', 'libx264', '-bf', '3', '-b_strategy', '0', '-pix_fmt', 'yuv420p']],
  ['h264-small-gop.mkv', '178x146', [...x264, '-g', '3']],
  ['h264.ts', '320x240', x264],
  ['h264-other-size.ts', '178x146', x264],
  ['h264-elementary.h264', '320x240', x264],
  ['h264.flv', '320x240', x264],
  [
    'hevc.mp4',
    '320x240',
    ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none', '-pix_fmt', 'yuv420p'],
  ],
  ['mpeg4.mp4', '320x240', ['-c:v', 'mpeg4']],
  ['mpeg2.ts', '320x240', ['-c:v', 'mpeg2video']],
  ['vp8.webm', '320x240', ['-c:v', 'libvpx', '-deadline', 'realtime']],
  ['vp9.webm', '320x240', ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8']],
  ['mjpeg.avi', '320x240', jpeg],
  ['mjpeg-elementary.mjpeg', '320x240', jpeg],
  ['mjpeg-other-size.mjpeg', '178x146', jpeg],
  ['mjpeg-444.avi', '330x246', ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj444p']],
  ['deep.mkv', '320x240', ['-pix_fmt', 'yuv420p10le', '-c:v', 'ffv1']],
  ['gray.mkv', '320x240', ['-pix_fmt', 'gray', '-c:v', 'ffv1']],
  ['odd.mkv', '333x247', ['-pix_fmt', 'yuv444p', '-c:v', 'ffv1']],
  ['png.mkv', '160x120', ['-pix_fmt', 'rgb24', '-c:v', 'png']],
  ['nv12.mkv', '160x120', ['-pix_fmt', 'nv12', '-c:v', 'rawvideo']],
  ['yuyv.mkv', '160x120', ['-pix_fmt', 'yuyv422', '-c:v', 'rawvideo']],
  ['stamp.mkv', '12x8', ['-c:v', 'ffv1']],
];

/** Makes them in the folder, ten frames each, and answers their paths; the sample of the quick start is one of them. */
export function makeClips(folder) {
  const made = kinds.map(([name, size, options]) => {
    const path = join(folder, name);
    const input = ['-f', 'lavfi', '-i', `testsrc=size=${size}:rate=10:duration=1`];
    execFileSync('ffmpeg', ['-v', 'error', '-y', ...input, '-threads', '1', ...options, path]);
    return path;
  });
  const upright = turned(join(folder, 'h264.mp4'), join(folder, 'upright.mp4'));
  return [...made, upright, join(root, 'assets', 'sample.mp4')];
}

/** As a phone that was held upright writes it (ISO 14496-12 §8.3.2: the matrix of the track's header). */
function turned(path, target) {
  const bytes = readFileSync(path);
  const matrix = bytes.indexOf('tkhd') + 44;
  [0, 0x10000, 0, -0x10000, 0, 0].forEach((value, n) => bytes.writeInt32BE(value, matrix + 4 * n));
  writeFileSync(target, bytes);
  return target;
}
