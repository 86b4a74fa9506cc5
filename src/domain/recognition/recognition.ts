import type { Region } from '../motion/judgement.js';
import { overlap } from './boxes.js';
import type { Detection, Look } from './detection.js';
import { isFurniture, isSettled, learnFurniture, settle, type Furniture } from './furniture.js';
import { isAnimal, movesByItself } from './labels.js';
import { dueLook, freshSchedule, ordered, type Known, type LookOrder, type LookSchedule } from './look-schedule.js';
import { followMotion, observeMotion, whatMoves, type MotionEvidence } from './motion-evidence.js';
import { isUnchecked, observePlaces, samePlace, type Place } from './places.js';
import { peopleAtLooks, showsWell, smoothedCount, updateRecent, type RecentDetection } from './recent-detections.js';
import { cameraMoves, candidates, farMovers, personLike, tooDark, type Scene } from './scene.js';
import type { Verdict } from './verdict.js';
import type { RecognitionRule } from './recognition-rule.js';

/** Where something moved, and when. */
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
  /** when the judge last saw signs of somebody still */
  readonly presentAt: number;
  /** looks at the still room since the last sign of any kind that found nobody */
  readonly vainLooks: number;
  readonly wasOccupied: boolean;
  /** the last picture was too dark to recognise anybody */
  readonly dark: boolean;
  /** when the camera itself moved last, as far as the picture tells */
  readonly cameraMovedAt: number;
  /** what was recognised where, as far as it still holds */
  readonly recent: readonly RecentDetection[];
  /** the people at each of the last looks */
  readonly people: readonly (readonly RecentDetection[])[];
};

const MOVED_SECONDS = 60;
const MOST_MOVED = 80;
const REMEMBERED_APART = 0.5;
/** Tracks that began while the camera moved last no longer than this. */
const CAMERA_SECONDS = 3;
/** An animal's score that is this part of a person's at the same place: it is the animal. */
const ANIMAL_PART = 0.6;
/** A look confirms somebody still with this score. */
export const SURE = 0.25;
/** A box has moved where it shares this part of the smaller one with something that did. */
const MOVED_OVERLAP = 0.4;
/** Looks of the last seconds without a find, after which the judge's presence is not accepted any more. */
const VAIN_LOOKS = 8;

/** Begins with an unknown room; `furniture` is what was learned before the camera was opened. */
export function freshRecognition(openedAt: number, furniture: readonly Furniture[]): Recognition {
  return {
    schedule: freshSchedule(openedAt),
    places: [],
    furniture,
    motion: undefined,
    moved: [],
    signAt: -Infinity,
    presentAt: -Infinity,
    vainLooks: 0,
    wasOccupied: false,
    dark: false,
    cameraMovedAt: -Infinity,
    recent: [],
    people: [],
  };
}

function remember(moved: readonly Moved[], moving: readonly Region[], now: number): readonly Moved[] {
  if (moving.length === 0 || now - (moved.at(-1)?.at ?? -Infinity) < REMEMBERED_APART) return moved;
  const added = moving.map((box): Moved => ({ box, at: now }));
  return [...moved, ...added].filter(({ at }) => now - at < MOVED_SECONDS).slice(-MOST_MOVED);
}

function knownOf(state: Recognition, { at, vacancySeconds }: Scene, { zoned }: RecognitionRule): Known {
  const { places, furniture, motion, signAt, moved } = state;
  const unchecked = places.find((place) => isUnchecked(place, at, vacancySeconds) && zoned(place));
  return { places, furniture, motion, signAt, unchecked, lastMotion: moved.at(-1)?.box };
}

/** Whether the picture has stood still for so long that tracks are those of something in the room. */
export function isSteady({ cameraMovedAt }: Pick<Recognition, 'cameraMovedAt'>, at: number): boolean {
  return at - cameraMovedAt > CAMERA_SECONDS;
}

/** Whether the judge's presence is accepted. */
export function presenceCounts({ vainLooks }: Pick<Recognition, 'vainLooks'>, { anything }: RecognitionRule): boolean {
  return anything || vainLooks < VAIN_LOOKS;
}

/** The last looks found nobody: what was known of people is out of date. */
function vacated(state: Recognition): Recognition {
  return { ...state, places: [], motion: undefined, recent: [], people: [[]], wasOccupied: false };
}

/** One frame further: what it means for the room, and the look that is due. */
export function watch(
  last: Recognition,
  scene: Scene,
  rule: RecognitionRule,
): readonly [Recognition, Verdict, LookOrder | undefined] {
  const { at } = scene;
  const before = last.wasOccupied && !scene.occupied ? vacated(last) : last;
  const moving = candidates(scene);
  const active = moving.length > 0;
  const motion = followMotion(before.motion, moving, at);
  const blind = tooDark(scene, before.dark);
  const what = motion === undefined ? 'nobody' : blind ? 'unknown' : whatMoves(motion);
  const cameraMovedAt = cameraMoves(scene) ? at : before.cameraMovedAt;
  const steady = isSteady({ cameraMovedAt }, at);
  const like = steady && scene.moving && personLike(scene).length > 0;
  const far = steady && scene.ready && what !== 'other' && farMovers(scene).length > 0;
  const found = before.places.some((place) => place.recognised);
  const recognised = (motion !== undefined && what === 'occupant') || found;
  const unrecognised = scene.moving && (rule.anything || blind || (like && what !== 'other'));
  const counts =
    (active && what === 'occupant') || (scene.moving && (rule.anything || what === 'unknown' || like)) || far;
  const presentAt = scene.present ? at : before.presentAt;
  const present = at - presentAt < scene.vacancySeconds && presenceCounts(before, rule);
  const looked = blind || rule.anything || (before.vainLooks > 0 && !before.schedule.underWay);
  const begins = scene.occupied && !before.wasOccupied;
  const signAt = counts || begins ? at : before.signAt;
  const newMotion = motion !== undefined && motion.since === at;
  const schedule = newMotion ? { ...before.schedule, motionLooks: 0, motionArea: 0 } : before.schedule;
  const state: Recognition = {
    ...before,
    motion,
    moved: remember(before.moved, moving, at),
    signAt,
    presentAt,
    vainLooks: counts ? 0 : before.vainLooks,
    wasOccupied: scene.occupied,
    dark: blind,
    cameraMovedAt,
    schedule: counts && schedule.stillLooks > 0 ? { ...schedule, stillLooks: 0 } : schedule,
  };
  const verdict: Verdict = {
    occupies: recognised ? 'recognised' : far ? 'far' : unrecognised ? 'unrecognised' : undefined,
    sign: counts,
    lastSignAt: signAt,
    mayVacate: looked && !present,
    people: blind ? null : smoothedCount(before.people.map(({ length }) => length)),
    firstSnapshot: showsWell(before.recent, rule.occupies, at) ? 'good' : 'waits',
  };
  const order = blind ? undefined : dueLook(state.schedule, scene, moving, knownOf(state, scene, rule));
  return [order === undefined ? state : { ...state, schedule: ordered(state.schedule, order) }, verdict, order];
}

/** Of what a look found, what may be somebody or go about; of a person and an animal in one place, the likelier. */
function relevant(detections: readonly Detection[]): readonly Detection[] {
  const alive = detections.filter(({ label }) => movesByItself(label));
  return alive.filter(
    (one) =>
      !(
        one.label === 'person' &&
        alive.some((other) => isAnimal(other.label) && other.score > ANIMAL_PART * one.score && samePlace(one, other))
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
  if (look === undefined) return { ...before, schedule, vainLooks: before.vainLooks + 1 };
  const found = relevant(look.detections).filter((detection) => !rule.masked(detection));
  const movedAt = (box: Region) =>
    before.moved.reduce((last, m) => (overlap(m.box, box) >= MOVED_OVERLAP ? Math.max(last, m.at) : last), -Infinity);
  const somebody = found.filter(
    (detection) =>
      rule.occupies.has(detection.label) &&
      (detection.label === 'person' || isAnimal(detection.label)) &&
      !isSettled(before.furniture, detection),
  );
  const places = observePlaces(before.places, look, somebody, movedAt);
  const sure = places.some((place) => place.recognised && place.lastFoundAt === look.at && place.score >= SURE);
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
  const recent = updateRecent(
    before.recent,
    look,
    found.filter((one) => !isFurniture(before.furniture, one)),
    motion !== undefined,
  );
  const empty = !occupied && motion === undefined && !sure;
  const known = empty ? learnFurniture(before.furniture, look, found) : before.furniture;
  return {
    ...before,
    ...settle(places, known, look.at),
    schedule,
    motion,
    recent,
    people: peopleAtLooks(before.people, recent),
    signAt: sure ? Math.max(before.signAt, look.at) : before.signAt,
    vainLooks: sure ? 0 : before.vainLooks + 1,
  };
}
