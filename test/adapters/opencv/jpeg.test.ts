import { expect, test } from 'vitest';
import { openFullOpenCv } from '../../../src/adapters/opencv/binding.js';
import { encodeGray, encodeJpeg } from '../../../src/adapters/opencv/jpeg.js';
import { flatImage, pixel } from '../../support/mat.js';

const cv = openFullOpenCv();

test('an image becomes a JPEG that opens, with its size and colours', async () => {
  const jpeg = await encodeJpeg(flatImage(64, 48, [200, 100, 50]));
  expect(jpeg.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
  const image = cv.imdecode(jpeg);
  expect([image.cols, image.rows]).toEqual([64, 48]);
  const [blue, green, red] = pixel(image, 32, 24);
  for (const [got, sent] of [[blue, 200], [green, 100], [red, 50]] as const) expect(Math.abs(got! - sent)).toBeLessThan(4); // prettier-ignore
});

test('a gray picture becomes a JPEG of its own size', async () => {
  const pixels = new Uint8Array(160 * 121).fill(77);
  const encoding = encodeGray({ width: 160, height: 121, pixels });
  // The next frame is written over it meanwhile.
  pixels.fill(0);
  const shown = cv.imdecode(await encoding);
  expect([shown.cols, shown.rows, pixel(shown, 80, 60)]).toEqual([160, 121, [77, 77, 77]]);
});

test('an image wider than JPEG allows is refused', async () => {
  await expect(encodeJpeg(flatImage(65_501, 2, [0, 0, 0]))).rejects.toThrow('too large for JPEG');
});
