import type { Gray, Judgement, Region } from './judgement.js';

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

/** A track of the frame analysed last, as others see it. */
export type TrackReport = {
  readonly box: Region;
  /** its centre of mass, in shares of the frame */
  readonly centre: { readonly x: number; readonly y: number };
  /** share of the frame that it covers */
  readonly area: number;
  /** Analysed frames in which it changed. */
  readonly changedFrames: number;
  /** Distance of its centre from where the track began, as a share of the frame's width. */
  readonly travel: number;
  /** Whether it counts as motion; false while the light changes or the scene is not known yet. */
  readonly accepted: boolean;
};

/** What the background model is to do with parts of the frame. */
export type BackgroundHints = {
  /** not to be learned, however still it is there */
  readonly keep: readonly Region[];
  /** may be learned at once */
  readonly absorb: readonly Region[];
};

/** No part of the frame is special to the background model. */
export const noHints: BackgroundHints = { keep: [], absorb: [] };

/** Judges the frames of one camera in order; each value of `motion.detector` names an implementation. */
export type MotionDetector<Image> = {
  /** Seconds from one analysed frame to the next; frames between carry the last judgement. 0 = every frame is analysed. */
  readonly analysisSeconds: number;
  /** @param at the frame's time in seconds, @param occupied the room's state after the previous frame */
  judge(image: Image, at: number, occupied: boolean): Judgement;
  /** Whether the last call of `judge` analysed its image; otherwise it carried the judgement before. */
  analysed(): boolean;
  /**
   * What the last judgement was made of, as a picture for people, valid until the next call of `judge`; undefined as long
   * as there is none. @param image the image judged last, not yet released
   */
  inspect(what: Inspection, image: Image): Gray | undefined;
  /** The tracks of the frame analysed last, accepted and rejected; none from a detector that follows no tracks. */
  tracks(): readonly TrackReport[];
  /** The mean grey level of the frame analysed last (0 to 255); undefined before the first, or if it is not known. */
  brightness(): number | undefined;
  /** Says which parts of the frame the background model must not learn, and which it may learn at once; until the next call. */
  guide(hints: BackgroundHints): void;
  /** Replaces the rule; never counts as motion. */
  update(rule: MotionRule): void;
  /** Starts a new scene, as after a reconnect. */
  reset(): void;
  close(): void;
};
