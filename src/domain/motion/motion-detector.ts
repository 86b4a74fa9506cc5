import type { Gray, Judgement } from './judgement.js';

/** The settings a user tunes, in the units of docs/contract.md. */
export type MotionRule = {
  /** grey levels */
  readonly deltaThresh: number;
  /** square pixels in a frame scaled to a width of 500 px */
  readonly minArea: number;
  /** polygons to ignore, points as shares of the frame */
  readonly masks: readonly (readonly (readonly [number, number])[])[];
};

/** A picture that shows how a judgement was made: the analysed picture, its distance from the model, what counts, the empty scene. */
export type Inspection = 'gray' | 'difference' | 'foreground' | 'background';

/** Judges the frames of one camera in order; each value of `motion.detector` names an implementation. */
export type MotionDetector<Image> = {
  /** Seconds from one analysed frame to the next; frames between carry the last judgement. 0 = every frame is analysed. */
  readonly analysisSeconds: number;
  /** @param at the frame's time in seconds, @param occupied the room's state after the previous frame */
  judge(image: Image, at: number, occupied: boolean): Judgement;
  /**
   * What the last judgement was made of, as a picture for people, valid until the next call of `judge`; undefined as long
   * as there is none. @param image the image judged last, not yet released
   */
  inspect(what: Inspection, image: Image): Gray | undefined;
  /** Replaces the rule; never counts as motion. */
  update(rule: MotionRule): void;
  /** Starts a new scene, as after a reconnect. */
  reset(): void;
  close(): void;
};
