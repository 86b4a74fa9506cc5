import type { Region } from '../motion/judgement.js';
import { WHOLE } from './boxes.js';
import { FRAMINGS, TILES, cropAround, type FrameSize } from './crops.js';
import { isFurniture, type Furniture } from './furniture.js';
import { whatMoves, type MotionEvidence } from './motion-evidence.js';
import type { Place } from './places.js';
import type { Mover, Scene } from './scene.js';

/** Why a look is due. */
export type Purpose = 'opening' | 'motion' | 'doubtful' | 'still' | 'last' | 'zone' | 'patrol';

/** A look that is due now: at this crop of this very frame. */
export type LookOrder = {
  readonly at: number;
  readonly crop: Region;
  readonly purpose: Purpose;
  /** what moved in that frame */
  readonly movers: readonly Mover[];
};

/** When looks were taken, and where the next ones go. */
export type LookSchedule = {
  readonly openedAt: number;
  readonly underWay: boolean;
  readonly lookedAt: number;
  /** by purpose: looks since it became due, and the last of them */
  readonly motionLooks: number;
  /** the area of the largest mover that was looked at */
  readonly motionArea: number;
  readonly stillLooks: number;
  readonly patrolAt: number;
  /** counts crops, so that each takes its turn */
  readonly turn: number;
};

/** What the schedule is decided by. */
export type Known = {
  readonly places: readonly Place[];
  readonly furniture: readonly Furniture[];
  readonly motion: MotionEvidence | undefined;
  /** a place that holds a zone and has to be looked at */
  readonly unchecked: Place | undefined;
  /** where something moved last */
  readonly lastMotion: Region | undefined;
  /** the last sign of somebody that a look or motion gave */
  readonly signAt: number;
};

const SWEEP: readonly Region[] = [WHOLE, ...TILES];
const OPENING_SECONDS = 6;
/** Closer looks cost more than they tell. */
const LEAST_APART = { opening: 0.2, doubtful: 0.5, last: 0.5, zone: 0.5 };
/** Seconds after the look before, while something moves: until it is known what it is, then for the count of people. */
const MOTION_PAUSES = {
  unknown: [0.25, 0.25, 0.4, 0.5, 0.5, 0.7, 1, 1, 2, 4],
  rejected: [0.5, 0.5, 1, 2, 4, 8],
  known: [1, 2, 4],
};
/** Something so many times larger than all that was looked at is another thing. */
const GROWN = 2;
const STILL_PAUSES = [1.5, 2.5, 4, 8, 15];
/** The last looks begin this long before the room would become unoccupied, or at half the time where that is shorter. */
const LAST_SECONDS = 7;
const PATROL_SECONDS = 10;
/** A place is doubtful while it was found this recently. */
const DOUBTFUL_SECONDS = 20;

const pauseAfter = (pauses: readonly number[], looks: number) => pauses[Math.min(looks, pauses.length - 1)]!;

/** The schedule of a camera that has just been opened, with no look taken. */
export function freshSchedule(openedAt: number): LookSchedule {
  return {
    openedAt,
    underWay: false,
    lookedAt: -Infinity,
    motionLooks: 0,
    motionArea: 0,
    stillLooks: 0,
    patrolAt: openedAt,
    turn: 0,
  };
}

/** A place that was found lately, of which it is not known yet whether somebody is there. */
export function doubtful({ places, furniture }: Known, at: number): Place | undefined {
  return places.find((place) => {
    if (place.recognised || at - place.lastFoundAt >= DOUBTFUL_SECONDS) return false;
    return place.evidence > 0 || place.faintEvidence > 0 || !isFurniture(furniture, place);
  });
}

/** The crop around a box whose turn it is; the whole picture, which all other looks show, only where nothing else is left. */
function framed(box: Region, turn: number, frame: FrameSize): Region {
  const crops = FRAMINGS.map((_, n) => cropAround(box, FRAMINGS[(turn + n) % FRAMINGS.length]!, frame));
  return crops.find((crop) => crop !== WHOLE) ?? WHOLE;
}

function motionCrop(movers: readonly Mover[], looks: number, frame: FrameSize): Region {
  const accepted = movers.filter((mover) => mover.accepted);
  const turns = accepted.length > 0 ? accepted : movers;
  const mover = turns[looks % turns.length]!;
  return framed(mover, Math.floor(looks / turns.length), frame);
}

/** Where to look for somebody still: at the places where somebody was, where something moved last, and all over. */
function stillCrop({ places, lastMotion }: Known, turn: number, frame: FrameSize): Region {
  const recognised = places.filter((place) => place.recognised);
  if (recognised.length > 0 && turn % 4 !== 3) {
    const place = recognised.toSorted((one, other) => one.lastFoundAt - other.lastFoundAt)[0]!;
    return framed(place, place.looks, frame);
  }
  if (lastMotion !== undefined && turn % 2 === 0) return framed(lastMotion, turn / 2, frame);
  return SWEEP[Math.floor(turn / 2) % SWEEP.length]!;
}

/**
 * The look that is due with this frame, if any: one at a time, the most urgent first.
 * @param movers the `candidates` of the scene
 */
export function dueLook(
  schedule: LookSchedule,
  scene: Scene,
  movers: readonly Mover[],
  known: Known,
): LookOrder | undefined {
  const { at, occupied, vacancySeconds, frame } = scene;
  if (schedule.underWay) return undefined;
  const passed = at - schedule.lookedAt;
  const order = (purpose: Purpose, crop: Region): LookOrder => ({ at, crop, purpose, movers });

  const uncertain = doubtful(known, at);
  const { unchecked } = known;
  if (unchecked !== undefined && occupied && passed >= LEAST_APART.zone)
    return order('zone', framed(unchecked, unchecked.looks, frame));
  if (movers.length > 0 && at - schedule.openedAt > 1 && passed >= motionPause(schedule, scene, known, movers))
    return order('motion', motionCrop(movers, schedule.motionLooks, frame));
  if (at - schedule.openedAt < OPENING_SECONDS && !occupied && passed >= LEAST_APART.opening) {
    if (uncertain !== undefined && schedule.turn % 2 === 1)
      return order('opening', framed(uncertain, uncertain.looks - 1, frame));
    return order('opening', SWEEP[Math.ceil(schedule.turn / (uncertain ? 2 : 1)) % SWEEP.length]!);
  }
  if (occupied) {
    const quiet = at - known.signAt;
    const lastFrom = vacancySeconds - Math.min(LAST_SECONDS, vacancySeconds / 2);
    if (quiet >= lastFrom && passed >= LEAST_APART.last) return order('last', stillCrop(known, schedule.turn, frame));
    if (quiet > 1 && passed >= pauseAfter(STILL_PAUSES, schedule.stillLooks))
      return order('still', stillCrop(known, schedule.turn, frame));
    return undefined;
  }
  if (uncertain !== undefined && passed >= LEAST_APART.doubtful)
    return order('doubtful', framed(uncertain, uncertain.looks - 1, frame));
  if (at - schedule.patrolAt >= PATROL_SECONDS) return order('patrol', SWEEP[schedule.turn % SWEEP.length]!);
  return undefined;
}

function motionPause(schedule: LookSchedule, scene: Scene, { motion }: Known, movers: readonly Mover[]): number {
  if (motion === undefined || schedule.motionLooks === 0) return 0;
  const largest = Math.max(...movers.map(({ area }) => area));
  if (largest > GROWN * schedule.motionArea) return MOTION_PAUSES.unknown[0]!;
  const what = whatMoves(motion);
  if (what === 'occupant' && scene.occupied) return pauseAfter(MOTION_PAUSES.known, schedule.motionLooks - 1);
  const accepted = movers.some((mover) => mover.accepted);
  return pauseAfter(accepted ? MOTION_PAUSES.unknown : MOTION_PAUSES.rejected, schedule.motionLooks - 1);
}

/** The schedule after the frame: what was ordered is under way. */
export function ordered(schedule: LookSchedule, order: LookOrder): LookSchedule {
  const { at, purpose, movers } = order;
  const motion = purpose === 'motion';
  const still = purpose === 'still' || purpose === 'last';
  return {
    ...schedule,
    underWay: true,
    lookedAt: at,
    motionLooks: motion ? schedule.motionLooks + 1 : schedule.motionLooks,
    motionArea: motion ? Math.max(schedule.motionArea, ...movers.map(({ area }) => area)) : schedule.motionArea,
    stillLooks: still ? schedule.stillLooks + 1 : schedule.stillLooks,
    // Looks at what moves show nothing of a person who is still elsewhere.
    patrolAt: motion || purpose === 'zone' ? schedule.patrolAt : at,
    turn: motion || purpose === 'zone' ? schedule.turn : schedule.turn + 1,
  };
}
