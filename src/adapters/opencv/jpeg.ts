import type { Gray } from '../../domain/motion/judgement.js';
import { videoAddon } from '../libav/addon.js';
import type { Mat } from './binding.js';

/**
 * The image (8UC3) as a JPEG file, encoded beside the event loop; the image itself is needed no more once this has returned
 * its promise. Rejects where JPEG allows no such size.
 */
export function encodeJpeg(image: Mat): Promise<Buffer> {
  return videoAddon().encodeJpeg(image.getData(), image.cols, image.rows, image.cols * 3, false);
}

/** A small gray picture as a JPEG file of its own size. */
export function encodeGray({ width, height, pixels }: Gray): Promise<Buffer> {
  // A copy: the next frame is written over the pixels.
  return videoAddon().encodeJpeg(Uint8Array.from(pixels), width, height, width, true);
}
