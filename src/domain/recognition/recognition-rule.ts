import type { MotionRule } from '../motion/motion-detector.js';
import type { Region } from '../motion/judgement.js';
import { isAnything, occupantLabels, type Label, type Occupant } from './labels.js';
import { footOf, isInside } from '../zones/polygon.js';
import type { Zone } from '../zones/zone.js';
import { isMasked } from './masked.js';

/** What recognition is asked to find. */
export type RecognitionRule = {
  /** any motion occupies the room, as if nothing were recognised */
  readonly anything: boolean;
  readonly occupies: ReadonlySet<Label>;
  /** whether a box lies in a masked part of the frame */
  masked(box: Region): boolean;
  /** whether somebody in this box stands in a zone */
  zoned(box: Region): boolean;
};

/** The rule for these occupants (`recognition.occupied_by`), masks and zones. */
export function recognitionRule(
  occupiedBy: readonly Occupant[],
  masks: MotionRule['masks'],
  zones: readonly Zone[] = [],
): RecognitionRule {
  return {
    anything: isAnything(occupiedBy),
    occupies: occupantLabels(occupiedBy),
    masked: (box) => isMasked(box, masks),
    zoned: (box) => zones.some(({ polygon }) => isInside(footOf(box), polygon)),
  };
}
