import { setTimeout as sleep } from 'node:timers/promises';
import type { Readable } from 'node:stream';

/** The length in bytes of one planar YUV 4:2:0 frame whose rows take `stride` bytes. */
export function frameBytes(stride: number, height: number): number {
  return (stride * height * 3) / 2;
}

/** The image processor of each model pads rows to a multiple of one of these; the most likely first. */
const alignments = [64, 32, 16, 128, 256, 2];

/**
 * Finds how many bytes each row takes in the frames that begin to arrive on `output`. `rpicam-vid` does not report it; but it
 * writes a whole frame at once and then waits for the next, so when nothing more arrives, the bytes so far are whole frames.
 * Leaves all bytes in the stream. Resolves to undefined if the stream ends before a frame is complete.
 */
export async function findStride(output: Readable, width: number, height: number): Promise<number | undefined> {
  const strides = [...new Set(alignments.map((bytes) => Math.ceil(width / bytes) * bytes))];
  if (strides.length === 1) return strides[0];
  const enough = 4 * frameBytes(Math.max(...strides), height);
  // Asking for more than the stream holds returns null, and raises its buffer limit to that size.
  output.read(enough);
  let held = 0;
  let quietRounds = 0;
  while (!output.readableEnded && !output.destroyed && held < enough) {
    output.read(0);
    await sleep(5);
    quietRounds = output.readableLength === held ? quietRounds + 1 : 0;
    held = output.readableLength;
    const found =
      quietRounds > 1 ? strides.find((stride) => held > 0 && held % frameBytes(stride, height) === 0) : undefined;
    if (found !== undefined) return found;
  }
  return held < enough ? undefined : strides[0];
}
