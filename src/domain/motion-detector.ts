import type { Judgement } from './motion/judgement.js';

/** What the user tunes, in his units (CONTRACT.md §6). */
export type MotionRule = {
  /** grey levels */
  readonly deltaThresh: number;
  /** square pixels in a frame scaled to 500 px width */
  readonly minArea: number;
  /** polygons to leave out, points as shares of the frame */
  readonly masks: readonly (readonly (readonly [number, number])[])[];
};

/** Judges frames one after the other; each detector of `motion.detector` has this shape. */
export type MotionDetector<Image> = {
  /** @param at seconds, @param occupied the room's status after the frame before */
  judge(image: Image, at: number, occupied: boolean): Judgement;
  /** Takes another rule; never motion from it. */
  update(rule: MotionRule): void;
  /** Forgets the scene, as after a reconnect. */
  reset(): void;
  close(): void;
};
