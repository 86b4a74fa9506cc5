import type { Region } from '../motion/judgement.js';
import { iou, overlap } from './boxes.js';
import type { Detection, Look } from './detection.js';
import { accumulate } from './evidence.js';
import { isAnimal, type Label } from './labels.js';
import { shows } from './places.js';

/** What the looks at something that moves add up to, from its first picture until it has been still for a while. */
export type MotionEvidence = {
  readonly since: number;
  readonly lastMovingAt: number;
  /** looks that showed what moves */
  readonly looks: number;
  /** for somebody who occupies the room */
  readonly occupant: number;
  /** for something else that goes about */
  readonly other: number;
  readonly label: Label | undefined;
};

/** The mean score that has to be exceeded in the long run, and the evidence that decides. */
const DRIFT = 0.28;
const DECIDED = 0.35;
/** One look may decide where something moves, and outweigh one that missed. */
const MOST_A_LOOK = 0.65;
/** Motion that pauses for no longer than this is one. */
const PAUSE_SECONDS = 3;
/** Evidence as low as this after so many looks: nobody. */
const NOBODY = { evidence: -0.2, looks: 4 };
/** A box belongs to what moves where it covers it, or lies within it. A vehicle has to be what moves, not behind it. */
const BELONGS = { overlap: 0.4, vehicleIou: 0.25 };

/** The motion after a frame in which something may have moved. */
export function followMotion(
  motion: MotionEvidence | undefined,
  moving: boolean,
  at: number,
): MotionEvidence | undefined {
  const goesOn = motion !== undefined && at - motion.lastMovingAt <= PAUSE_SECONDS;
  if (moving) {
    if (goesOn) return { ...motion, lastMovingAt: at };
    return { since: at, lastMovingAt: at, looks: 0, occupant: 0, other: 0, label: undefined };
  }
  return goesOn ? motion : undefined;
}

function belongs(detection: Detection, movers: readonly Region[]): boolean {
  const alive = detection.label === 'person' || isAnimal(detection.label);
  return movers.some((mover) =>
    alive ? overlap(detection, mover) >= BELONGS.overlap : iou(detection, mover) >= BELONGS.vehicleIou,
  );
}

/** The motion after a look at it; a look that shows nothing of what moves changes nothing. */
export function observeMotion(
  motion: MotionEvidence,
  look: Look,
  movers: readonly Region[],
  detections: readonly Detection[],
  occupies: ReadonlySet<Label>,
): MotionEvidence {
  const there = detections.filter((detection) => belongs(detection, movers));
  if (there.length === 0 && !movers.some((mover) => shows(look.crop, mover))) return motion;
  const [occupant] = there.filter(({ label }) => occupies.has(label));
  const [other] = there.filter(({ label }) => !occupies.has(label));
  return {
    ...motion,
    looks: motion.looks + 1,
    occupant: accumulate(motion.occupant, occupant?.score ?? 0, DRIFT, MOST_A_LOOK),
    other: accumulate(motion.other, other?.score ?? 0, DRIFT, MOST_A_LOOK),
    label: occupant?.label ?? other?.label ?? motion.label,
  };
}

/** What moves, as far as the looks tell. */
export function whatMoves({ occupant, other, looks }: MotionEvidence): 'occupant' | 'other' | 'nobody' | 'unknown' {
  if (occupant >= DECIDED) return 'occupant';
  if (other >= DECIDED) return 'other';
  return occupant <= NOBODY.evidence && looks >= NOBODY.looks ? 'nobody' : 'unknown';
}
