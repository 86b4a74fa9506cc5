import type { Region } from '../../domain/motion/judgement.js';
import { openCv } from './binding.js';
import { drawLabels } from './box-labels.js';
import { encodeJpeg } from './jpeg.js';
import type { Picture } from './picture.js';

/** A viewer's screen needs no more; and what is encoded five times a second has to be cheap. */
const widest = 480;
const thickness = 2;
const labelScale = 0.4;

/**
 * The picture with its regions framed and what was recognised named, as a JPEG of 320 to 480 px width (or its own, where that is less), encoded beside the
 * event loop. The picture itself is needed no more once this has returned its promise.
 */
export function renderPicture(picture: Picture, regions: readonly Region[]): Promise<Buffer> {
  const cv = openCv();
  const { of, to } = ratioFor(picture.width);
  const [cols, rows] = [picture.width, picture.height].map((length) => Math.max(1, Math.floor(length / of) * to)) as [
    number,
    number,
  ];
  const small = of === 1 ? picture.bgr().copy() : picture.bgr().resize(rows, cols, 0, 0, cv.INTER_AREA);
  try {
    for (const { x, y, width, height } of regions) {
      const corner = new cv.Point2(Math.round(x * cols), Math.round(y * rows));
      const opposite = new cv.Point2(Math.round((x + width) * cols) - 1, Math.round((y + height) * rows) - 1);
      small.drawRectangle(corner, opposite, new cv.Vec3(0, 255, 0), thickness);
    }
    drawLabels(small, regions, labelScale);
    return encodeJpeg(small);
  } finally {
    small.release();
  }
}

/** One by a whole number, which is cheap, or two thirds where a half would be less than 320 px. */
function ratioFor(width: number): { readonly of: number; readonly to: number } {
  const factor = Math.ceil(width / widest);
  return factor === 2 && width * 3 < widest * 4 ? { of: 3, to: 2 } : { of: factor, to: 1 };
}
