import { expect, test } from 'vitest';
import { openCv } from '../../../src/adapters/opencv/binding.js';
import { encodeJpeg } from '../../../src/adapters/opencv/jpeg.js';
import { flatImage, pixel } from '../../support/mat.js';

test('an image becomes a JPEG that opens, with its size and colours', async () => {
  const jpeg = await encodeJpeg(flatImage(64, 48, [200, 100, 50]));
  expect(jpeg.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
  const image = openCv().imdecode(jpeg);
  expect([image.cols, image.rows]).toEqual([64, 48]);
  const [blue, green, red] = pixel(image, 32, 24);
  for (const [got, sent] of [[blue, 200], [green, 100], [red, 50]] as const) expect(Math.abs(got! - sent)).toBeLessThan(4); // prettier-ignore
});
