import type { Gray, Judgement } from './judgement.js';

/** What the user tunes, in his units (CONTRACT.md §6). */
export type MotionRule = {
  /** grey levels */
  readonly deltaThresh: number;
  /** square pixels in a frame scaled to 500 px width */
  readonly minArea: number;
  /** polygons to leave out, points as shares of the frame */
  readonly masks: readonly (readonly (readonly [number, number])[])[];
};

/** What a judgement is made of: the small picture that is judged, how far it differs, what of that counts, the empty scene. */
export type Inspection = 'gray' | 'difference' | 'foreground' | 'background';

/** Judges frames one after the other; each detector of `motion.detector` has this shape. */
export type MotionDetector<Image> = {
  /** It looks at a picture so many seconds after the last, and carries its judgement over the frames between. */
  readonly lookSeconds: number;
  /** @param at seconds, @param occupied the room's status after the frame before */
  judge(image: Image, at: number, occupied: boolean): Judgement;
  /** Whether the last judgement looked at its image; others were carried over. */
  looked(): boolean;
  /**
   * What the last judgement was made of, made visible for people, good until the next; undefined where there is nothing yet.
   * @param image the one judged last, still on loan
   */
  inspect(what: Inspection, image: Image): Gray | undefined;
  /** Takes another rule; never motion from it. */
  update(rule: MotionRule): void;
  /** Forgets the scene, as after a reconnect. */
  reset(): void;
  close(): void;
};
