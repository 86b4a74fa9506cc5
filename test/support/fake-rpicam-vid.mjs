#!/usr/bin/env node
// Imitates the rpicam-vid of Raspberry Pi OS (as documented, not tried on one): arguments, raw planar YUV 4:2:0 with rows
// padded to FAKE_STRIDE bytes, messages on stderr, exit codes. A white square moves over a gray wall.
// FAKE: `no-camera` fails at once, `die` after 10 frames, `hang` sends 10 frames and then nothing, `silent` nothing at all.
import { parseArgs } from 'node:util';
import { once } from 'node:events';

const { values } = readArguments();
if (values.timeout !== '0' || values.codec !== 'yuv420' || values.output !== '-') {
  process.stderr.write('ERROR: *** unexpected arguments ***\n');
  process.exit(255);
}
const fake = process.env.FAKE ?? '';
const width = Number(values.width);
const height = Number(values.height);
const align = Number(process.env.FAKE_STRIDE ?? 64);
const stride = Math.ceil(width / align) * align;

process.stderr.write('[0:02:42.917] [2139]  INFO Camera camera_manager.cpp:284 libcamera v0.2.0\n');
if (fake === 'no-camera') {
  process.stderr.write('ERROR: *** no cameras available ***\n');
  process.exit(255);
}
process.stderr.write(`Mode selection for ${width}:${height}:12:P\n`);

for (let n = 0; ; n++) {
  if (fake === 'silent' || (fake === 'hang' && n === 10)) await new Promise(() => setInterval(() => {}, 1000));
  if (fake === 'die' && n === 10) {
    process.stderr.write('ERROR: *** Camera frontend has timed out! ***\n');
    process.exit(255);
  }
  if (!process.stdout.write(frame(n))) await once(process.stdout, 'drain');
  process.stderr.write(`#${n} (${values.framerate}.00 fps) exp 33251.00 ag 1.00 dg 1.00\n`);
  await new Promise((resolve) => setTimeout(resolve, 1000 / Number(values.framerate)));
}

function frame(n) {
  // Real padding is arbitrary memory; 255 here makes it differ from the picture.
  const bytes = Buffer.alloc((stride * height * 3) / 2, 255);
  for (let y = 0; y < height; y++) bytes.fill(100, y * stride, y * stride + width);
  const left = (n * 4) % (width - 32);
  for (let y = 16; y < 48; y++) bytes.fill(220, y * stride + left, y * stride + left + 32);
  const chroma = stride * height;
  for (let row = 0; row < height; row++)
    bytes.fill(128, chroma + (row * stride) / 2, chroma + (row * stride) / 2 + width / 2);
  return bytes;
}

function readArguments() {
  const text = { type: 'string' };
  const options = {
    timeout: { ...text, short: 't' },
    nopreview: { type: 'boolean', short: 'n' },
    codec: text,
    width: text,
    height: text,
    framerate: text,
    output: { ...text, short: 'o' },
    camera: text,
  };
  try {
    return parseArgs({ options });
  } catch (error) {
    process.stderr.write(`ERROR: *** ${error.message} ***\n`);
    process.exit(255);
  }
}
