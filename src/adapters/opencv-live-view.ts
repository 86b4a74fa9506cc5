import type { Gray, Region } from '../domain/motion/judgement.js';
import { openCv, promised, type Mat } from './opencv-binding.js';
import { matOf } from './opencv-gray.js';
import type { Picture } from './opencv-picture.js';

/** A viewer's screen needs no more; and what is encoded five times a second has to be cheap. */
const widest = 480;
const quality = 75;

/**
 * The picture with its regions framed, as a JPEG no wider than 480 px. What it needs of the picture is copied before it
 * returns; it is encoded beside the event loop.
 */
export async function renderPicture(picture: Picture, regions: readonly Region[]): Promise<Buffer> {
  const cv = openCv();
  const columns = Math.min(widest, picture.width);
  const copy = picture.scaled(columns, Math.round((picture.height * columns) / picture.width));
  const green = new cv.Vec3(0, 255, 0);
  for (const { x, y, width, height } of regions) {
    const corner = new cv.Point2(Math.round(x * copy.cols), Math.round(y * copy.rows));
    const opposite = new cv.Point2(Math.round((x + width) * copy.cols) - 1, Math.round((y + height) * copy.rows) - 1);
    copy.drawRectangle(corner, opposite, green, 2);
  }
  return encoded(copy);
}

/** A small gray picture as a JPEG of its own size. */
export function renderGray(gray: Gray): Promise<Buffer> {
  return encoded(matOf(gray));
}

async function encoded(image: Mat): Promise<Buffer> {
  const cv = openCv();
  try {
    return await promised((done) => cv.imencodeAsync('.jpg', image, [cv.IMWRITE_JPEG_QUALITY, quality], done));
  } finally {
    image.release();
  }
}
