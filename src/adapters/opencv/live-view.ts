import type { Gray, Region } from '../../domain/motion/judgement.js';
import { openCv } from './binding.js';
import { matOf } from './gray.js';
import type { Picture } from './picture.js';

/** A viewer's screen needs no more; and what is encoded five times a second has to be cheap. */
const widest = 480;
const quality = 80;

/**
 * The picture with its regions framed, as a JPEG of 320 to 480 px width (or its own, where that is less). Blocks for 0.1 ms
 * at 640x480.
 */
export function renderPicture(picture: Picture, regions: readonly Region[]): Buffer {
  return picture.jpeg(
    widest,
    quality,
    regions.flatMap(({ x, y, width, height }) => [x, y, width, height]),
  );
}

/** A small gray picture as a JPEG of its own size. */
export function renderGray(gray: Gray): Buffer {
  const mat = matOf(gray);
  try {
    return openCv().liveJpeg(mat, gray.width, gray.height, gray.width, quality, []);
  } finally {
    mat.release();
  }
}
