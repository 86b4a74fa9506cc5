import { openClip } from './clip.js';
import { openCv } from './binding.js';
import { encodeJpeg } from './jpeg.js';

/** A smaller copy shows nothing. */
const leastWidth = 32;

/**
 * Makes a copy of a JPEG file of at most `maxBytes`: half as wide and high, and half again, until it fits; undefined if none
 * does. Throws if the file cannot be read.
 */
export async function smallerJpeg(path: string, maxBytes: number): Promise<Buffer | undefined> {
  const file = await openClip(path);
  try {
    const frame = await file.read();
    if (frame === undefined) return undefined;
    const { picture } = frame;
    for (let divisor = 2; picture.width / divisor >= leastWidth; divisor *= 2) {
      const [rows, cols] = [Math.ceil(picture.height / divisor), Math.ceil(picture.width / divisor)];
      const small = picture.bgr().resize(rows, cols, 0, 0, openCv().INTER_AREA);
      const jpeg = await encodeJpeg(small).finally(() => small.release());
      if (jpeg.length <= maxBytes) return jpeg;
    }
    return undefined;
  } finally {
    file.close();
  }
}
