import { openCv, type Mat } from '../../src/adapters/opencv/binding.js';

/** A flat BGR image (8UC3). */
export function flatImage(width: number, height: number, [blue, green, red]: readonly [number, number, number]): Mat {
  const cv = openCv();
  return new cv.Mat(height, width, cv.CV_8UC3, [blue, green, red]);
}

/** Blue, green and red of one pixel. */
export function pixel(image: Mat, x: number, y: number): number[] {
  return image.atRaw(y, x) as unknown as number[];
}
