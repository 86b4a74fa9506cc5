import type { Region } from '../motion/judgement.js';
import { overlap } from './boxes.js';
import type { Detection, Look } from './detection.js';
import { isFurniture, learnFurniture, type Furniture } from './furniture.js';
import { isAnimal, movesByItself, type Label } from './labels.js';
import { dueLook, freshSchedule, ordered, type Known, type LookOrder, type LookSchedule } from './look-schedule.js';
import { followMotion, observeMotion, whatMoves, type MotionEvidence } from './motion-evidence.js';
import { observePlaces, samePlace, type Place } from './places.js';
import { candidates, tooDark, travelsLikePerson, type Scene } from './scene.js';

export type RecognitionRule = {
  readonly occupies: ReadonlySet<Label>;
  /** the frame's width divided by its height */
  readonly aspect: number;
};

type Moved = { readonly box: Region; readonly at: number };

/** Everything that recognition remembers from one frame or look to the next. */
export type Recognition = {
  readonly schedule: LookSchedule;
  readonly places: readonly Place[];
  readonly furniture: readonly Furniture[];
  readonly motion: MotionEvidence | undefined;
  /** where the judge saw motion lately */
  readonly moved: readonly Moved[];
  /** the last sign of somebody: motion that counts, or a look that found somebody */
  readonly signAt: number;
  /** the last look that recognised somebody */
  readonly confirmedAt: number;
  /** looks at the still room since the last sign of any kind that found nobody */
  readonly vainLooks: number;
  readonly wasOccupied: boolean;
};

/** What recognition makes of a frame. */
export type Verdict = {
  /** why the room is to become occupied now, if it is not */
  readonly occupies: 'recognised' | 'unrecognised' | undefined;
  /** somebody is there: holds an occupied room */
  readonly sign: boolean;
  readonly confirmed: boolean;
  /** motion that does not occupy the room */
  readonly notAPerson: boolean;
};

const MOVED_SECONDS = 60;
const MOST_MOVED = 40;
/** A box has moved where it shares this part of the smaller one with something that did. */
const MOVED_OVERLAP = 0.4;
/** Looks of the last seconds without a find, after which the judge's presence is not believed any more. */
const VAIN_LOOKS = 8;

export function freshRecognition(openedAt: number, furniture: readonly Furniture[]): Recognition {
  return {
    schedule: freshSchedule(openedAt),
    places: [],
    furniture,
    motion: undefined,
    moved: [],
    signAt: -Infinity,
    confirmedAt: -Infinity,
    vainLooks: 0,
    wasOccupied: false,
  };
}

function remember(moved: readonly Moved[], scene: Scene): readonly Moved[] {
  if (!scene.moving || scene.at - (moved.at(-1)?.at ?? -Infinity) < 0.5) return moved;
  const now = scene.movers.filter(({ believed }) => believed).map((box): Moved => ({ box, at: scene.at }));
  return [...moved, ...now].filter(({ at }) => scene.at - at < MOVED_SECONDS).slice(-MOST_MOVED);
}

function knownOf(state: Recognition): Known {
  const { places, furniture, motion, signAt, moved } = state;
  return { places, furniture, motion, signAt, lastMotion: moved.at(-1)?.box };
}

/** One frame further: what it means for the room, and the look that is due. */
export function watch(
  before: Recognition,
  scene: Scene,
  rule: RecognitionRule,
): readonly [Recognition, Verdict, LookOrder | undefined] {
  const { at } = scene;
  const active = candidates(scene).length > 0;
  const motion = followMotion(before.motion, active, at);
  const blind = tooDark(scene);
  const what = motion === undefined ? 'nobody' : blind ? 'unknown' : whatMoves(motion);
  const like = scene.moving && travelsLikePerson(scene, rule.aspect);
  const found = before.places.some((place) => place.recognised);
  const recognised = (motion !== undefined && what === 'occupant') || found;
  const unrecognised = scene.moving && (blind || (like && what !== 'other'));
  const counts = scene.moving && (what === 'occupant' || what === 'unknown' || like);
  const present = scene.present && before.vainLooks < VAIN_LOOKS;
  const begins = scene.occupied && !before.wasOccupied;
  const signAt = counts || begins ? at : before.signAt;
  const newMotion = motion !== undefined && motion.since === at;
  const schedule = newMotion ? { ...before.schedule, motionLooks: 0 } : before.schedule;
  const state: Recognition = {
    ...before,
    motion,
    moved: remember(before.moved, scene),
    signAt,
    vainLooks: counts ? 0 : before.vainLooks,
    wasOccupied: scene.occupied,
    schedule: counts && schedule.stillLooks > 0 ? { ...schedule, stillLooks: 0 } : schedule,
  };
  const verdict: Verdict = {
    occupies: recognised ? 'recognised' : unrecognised ? 'unrecognised' : undefined,
    sign: counts || present || before.signAt === at,
    confirmed: recognised,
    notAPerson: scene.moving && !recognised && !unrecognised,
  };
  const order = blind ? undefined : dueLook(state.schedule, scene, knownOf(state));
  return [order === undefined ? state : { ...state, schedule: ordered(state.schedule, order) }, verdict, order];
}

/** Of what a look found, what may be somebody or go about; of a person and an animal in one place, the likelier. */
function relevant(detections: readonly Detection[]): readonly Detection[] {
  const alive = detections.filter(({ label }) => movesByItself(label));
  return alive.filter(
    (one) =>
      !(
        one.label === 'person' &&
        alive.some((other) => isAnimal(other.label) && other.score > one.score && samePlace(one, other))
      ),
  );
}

/** The answer of a look; `undefined` where it failed. `at` is the time it arrives. */
export function learn(
  before: Recognition,
  order: LookOrder,
  look: Look | undefined,
  occupied: boolean,
  rule: RecognitionRule,
): Recognition {
  const schedule: LookSchedule = { ...before.schedule, underWay: false };
  if (look === undefined) return { ...before, schedule };
  const found = relevant(look.detections);
  const movedAt = (box: Region) =>
    before.moved.reduce((last, m) => (overlap(m.box, box) >= MOVED_OVERLAP ? Math.max(last, m.at) : last), -Infinity);
  const somebody = found.filter(
    (detection) => rule.occupies.has(detection.label) && (detection.label === 'person' || isAnimal(detection.label)),
  );
  const places = observePlaces(before.places, look, somebody, movedAt);
  const sure = places.some((place) => place.recognised && place.lastFoundAt === look.at);
  const motion =
    before.motion === undefined
      ? undefined
      : observeMotion(
          before.motion,
          look,
          order.movers,
          found.filter((detection) => !isFurniture(before.furniture, detection)),
          rule.occupies,
        );
  const empty = !occupied && motion === undefined && !sure;
  return {
    ...before,
    schedule,
    places,
    motion,
    furniture: empty ? learnFurniture(before.furniture, look, found) : before.furniture,
    signAt: sure ? Math.max(before.signAt, look.at) : before.signAt,
    confirmedAt: sure || (motion !== undefined && whatMoves(motion) === 'occupant') ? look.at : before.confirmedAt,
    vainLooks: sure ? 0 : before.vainLooks + 1,
  };
}
