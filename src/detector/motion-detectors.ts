import { createAdaptiveMotion } from '../adapters/opencv/adaptive-motion.js';
import type { Picture } from '../adapters/opencv/picture.js';
import { createTutorialMotion } from '../adapters/opencv/tutorial-motion.js';
import type { MotionDetector, MotionRule } from '../domain/motion/motion-detector.js';
import type { Config } from '../runtime/config/config.js';

/** The detector that `motion.detector` names, under this rule. */
export function openMotionDetector(name: Config['motion']['detector'], rule: MotionRule): MotionDetector<Picture> {
  return name === 'tutorial' ? createTutorialMotion(rule) : createAdaptiveMotion(rule);
}
