import type { MotionRule } from '../motion/motion-detector.js';
import type { Region } from '../motion/judgement.js';

type Polygon = MotionRule['masks'][number];

/** Whether the centre of a box lies in one of the masks. */
export function isMasked({ x, y, width, height }: Region, masks: MotionRule['masks']): boolean {
  return masks.some((polygon) => isInside(x + width / 2, y + height / 2, polygon));
}

/** The even-odd rule: a ray from the point crosses the sides of the polygon an odd number of times. */
function isInside(x: number, y: number, polygon: Polygon): boolean {
  let inside = false;
  polygon.forEach(([x1, y1], n) => {
    const [x2, y2] = polygon[(n + 1) % polygon.length]!;
    if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) inside = !inside;
  });
  return inside;
}
