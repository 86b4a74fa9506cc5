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
  /** what the looks say of each mover alone, so that those at a screen do not weigh against a person beside it */
  readonly movers: readonly MoverEvidence[];
};

/** What the looks at one mover add up to. */
export type MoverEvidence = Region & { readonly lastMovingAt: number; readonly occupant: number };

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

/** A mover goes on where its box shares this part of the smaller one; the largest scenes have so many that differ. */
const SAME_MOVER = 0.3;
const MOST_MOVERS = 16;

function followMovers(known: readonly MoverEvidence[], movers: readonly Region[], at: number) {
  const lasting = known.filter(({ lastMovingAt }) => at - lastMovingAt <= PAUSE_SECONDS);
  const left = new Set(lasting);
  const now = movers.slice(0, MOST_MOVERS).map(({ x, y, width, height }): MoverEvidence => {
    const box = { x, y, width, height };
    const same = [...left].find((mover) => overlap(mover, box) >= SAME_MOVER);
    if (same !== undefined) left.delete(same);
    return { ...box, lastMovingAt: at, occupant: same?.occupant ?? 0 };
  });
  return [...now, ...left].slice(0, MOST_MOVERS);
}

/** The motion after a frame with these movers. */
export function followMotion(
  motion: MotionEvidence | undefined,
  movers: readonly Region[],
  at: number,
): MotionEvidence | undefined {
  const goesOn = motion !== undefined && at - motion.lastMovingAt <= PAUSE_SECONDS;
  if (movers.length === 0) return goesOn ? motion : undefined;
  const followed = followMovers(goesOn ? motion.movers : [], movers, at);
  if (goesOn) return { ...motion, lastMovingAt: at, movers: followed };
  return { since: at, lastMovingAt: at, looks: 0, occupant: 0, other: 0, label: undefined, movers: followed };
}

function belongs(detection: Detection, movers: readonly Region[]): boolean {
  const alive = detection.label === 'person' || isAnimal(detection.label);
  return movers.some((mover) =>
    alive ? overlap(detection, mover) >= BELONGS.overlap : iou(detection, mover) >= BELONGS.vehicleIou,
  );
}

/** A mover after a look: by the detections that belong to it and, where it was moving, to nothing else. */
function observeMover(
  mover: MoverEvidence,
  look: Look,
  detections: readonly Detection[],
  occupies: ReadonlySet<Label>,
) {
  const there = detections.filter((detection) => belongs(detection, [mover]));
  const [occupant] = there.filter(({ label }) => occupies.has(label));
  if (occupant === undefined && !shows(look.crop, mover)) return mover;
  return { ...mover, occupant: accumulate(mover.occupant, occupant?.score ?? 0, DRIFT, MOST_A_LOOK) };
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
    movers: motion.movers.map((mover) => observeMover(mover, look, detections, occupies)),
  };
}

/** Whether one of the movers of the frame, by its place among them, is somebody who occupies the room. */
export function isOccupant({ movers, occupant, lastMovingAt }: MotionEvidence, index: number): boolean {
  if ((movers[index]?.occupant ?? 0) >= DECIDED) return true;
  const now = movers.filter((mover) => mover.lastMovingAt === lastMovingAt);
  return index === 0 && now.length === 1 && occupant >= DECIDED;
}

/** What moves, as far as the looks tell. */
export function whatMoves({
  occupant,
  other,
  looks,
  movers,
}: MotionEvidence): 'occupant' | 'other' | 'nobody' | 'unknown' {
  const most = Math.max(occupant, ...movers.map((mover) => mover.occupant));
  if (most >= DECIDED) return 'occupant';
  if (other >= DECIDED) return 'other';
  return occupant <= NOBODY.evidence && most <= 0 && looks >= NOBODY.looks ? 'nobody' : 'unknown';
}
