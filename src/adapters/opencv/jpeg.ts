import { openCv, promised, type Mat } from './binding.js';

const quality = 85;

/** The image as a JPEG file, encoded beside the event loop; the image must live until then. */
export function encodeJpeg(image: Mat): Promise<Buffer> {
  const cv = openCv();
  return promised((done) => cv.imencodeAsync('.jpg', image, [cv.IMWRITE_JPEG_QUALITY, quality], done));
}
