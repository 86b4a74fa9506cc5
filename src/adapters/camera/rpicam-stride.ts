import { setTimeout as sleep } from 'node:timers/promises';
import type { Readable } from 'node:stream';

/** Bytes of one planar YUV 4:2:0 frame whose rows take `stride` bytes. */
export function frameBytes(stride: number, height: number): number {
  return (stride * height * 3) / 2;
}

/** Rows are padded to a multiple of one of these, by the image processor of each model; likeliest first. */
const alignments = [64, 32, 16, 128, 256, 2];

/**
 * How many bytes a row of the frames takes that begin to come out of `output`. `rpicam-vid` does not say it; but it writes a
 * frame at once and then waits for the next, so what has come when nothing more comes is a number of whole frames.
 * Takes nothing out of the stream. Undefined when the stream ends before.
 */
export async function findStride(output: Readable, width: number, height: number): Promise<number | undefined> {
  const strides = [...new Set(alignments.map((bytes) => Math.ceil(width / bytes) * bytes))];
  if (strides.length === 1) return strides[0];
  const enough = 4 * frameBytes(Math.max(...strides), height);
  // Asking for more than is there answers null, and lets the stream hold so much.
  output.read(enough);
  let held = 0;
  let calm = 0;
  while (!output.readableEnded && !output.destroyed && held < enough) {
    output.read(0);
    await sleep(5);
    calm = output.readableLength === held ? calm + 1 : 0;
    held = output.readableLength;
    const stride = calm > 1 ? strides.find((one) => held > 0 && held % frameBytes(one, height) === 0) : undefined;
    if (stride !== undefined) return stride;
  }
  return held < enough ? undefined : strides[0];
}
