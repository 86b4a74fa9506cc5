import type { MotionRule } from '../../domain/motion/motion-detector.js';
import { openCv, type Mat } from './binding.js';

/**
 * The masks' polygons as an image of `width` x `height` (8UC1): 255 where to look, 0 where not. Undefined without masks.
 * The caller releases it.
 */
export function drawMask(masks: MotionRule['masks'], width: number, height: number): Mat | undefined {
  if (masks.length === 0) return undefined;
  const cv = openCv();
  const mask = new cv.Mat(height, width, cv.CV_8UC1, 255);
  const polygons = masks.map((polygon) =>
    polygon.map(([x, y]) => new cv.Point2(Math.round(x * (width - 1)), Math.round(y * (height - 1)))),
  );
  mask.drawFillPoly(polygons, new cv.Vec3(0, 0, 0));
  return mask;
}
