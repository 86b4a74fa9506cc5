import { expect, test } from 'vitest';
import { openCv } from '../../../src/adapters/opencv/binding.js';
import { giveBackMemory } from '../../../src/adapters/libav/addon.js';

const report = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
const megabytes = () => process.memoryUsage.rss() / 1e6;

/** As with a camera that OpenCV does not open itself: `rpicam`. */
test('holes between what stays go back to the system, where the allocator is glibc', () => {
  const cv = openCv();
  const images = Array.from({ length: 600 }, () => new cv.Mat(400, 400, cv.CV_8UC1, 7));
  const stay = images.filter((image, n) => {
    if (n % 20 !== 0) image.release();
    return n % 20 === 0;
  });
  const before = megabytes();
  giveBackMemory();
  if (report.header.glibcVersionRuntime !== undefined) expect(before - megabytes()).toBeGreaterThan(40);
  expect(stay.every((image) => image.at(399, 399) === 7)).toBe(true);
  for (const image of stay) image.release();
});
