import type { MotionRule } from '../motion/motion-detector.js';
import type { Region } from '../motion/judgement.js';
import { centreOf, isInside } from '../zones/polygon.js';

/** Whether the centre of a box lies in one of the masks. */
export function isMasked(box: Region, masks: MotionRule['masks']): boolean {
  return masks.some((polygon) => isInside(centreOf(box), polygon));
}
