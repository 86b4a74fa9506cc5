import type { Region } from '../motion/judgement.js';
import { areaOf, iou, overlap, shareWithin } from './boxes.js';
import type { Detection, Look } from './detection.js';
import { accumulate } from './evidence.js';
import type { Label } from './labels.js';

/** A place where somebody was found who may be still, and what the looks at it add up to. */
export type Place = Region & {
  readonly label: Label;
  /** the score of the last look that found somebody */
  readonly score: number;
  readonly evidence: number;
  /** the same for faint scores: slower, and only for what is found at all sizes */
  readonly faintEvidence: number;
  /** looks that showed the place, whether or not they found anybody */
  readonly looks: number;
  /** crops of different sizes in which somebody was found, by their width in hundredths of the frame */
  readonly foundIn: readonly number[];
  readonly foundAt: number;
  readonly lastFoundAt: number;
  /** when something last moved there, -Infinity where nothing has */
  readonly movedAt: number;
  readonly recognised: boolean;
  /** looks since `lastFoundAt` that showed the place and found nobody */
  readonly vainLooks: number;
};

/** A place has to be found with this score to be noted at all. */
const NOTED = 0.2;
/** The mean score that a place must exceed in the long run: without motion, after motion, and once recognised. */
const DRIFT = { still: 0.4, moved: 0.35, recognised: 0.2 };
/** The most that one look adds: less than it takes, so that it needs two. */
const MOST_A_LOOK = 0.35;
/**
 * Somebody faint (a sleeper in a small picture) has even scores at all sizes; what only looks like a person has a high one
 * at one size and hardly any at the others. One look therefore adds little, and crops of more sizes are asked for.
 */
const FAINT = { drift: 0.3, mostALook: 0.15, sizes: 3 };
/** Motion speaks for a place this long. */
const MOVED_SECONDS = 30;
/** Evidence from which somebody is recognised, in crops of at least so many sizes, and at which the place is given up. */
const RECOGNISED = 0.5;
const SIZES = 2;
const LOST = 0;
const DROPPED = -0.29;
/** A look shows a place where this part of it is inside, and fills this part of the crop's width or height. */
const SHOWN = { inside: 0.8, size: 0.15 };
/** The same person in two looks: intersection over union, or one box within the other and not too much larger. */
const SAME = { iou: 0.35, overlap: 0.75, growth: 3 };
const MOST_PLACES = 12;

/** Whether two boxes show the same thing. */
export function samePlace(one: Region, other: Region): boolean {
  if (iou(one, other) >= SAME.iou) return true;
  const ratio = areaOf(one) / areaOf(other);
  return overlap(one, other) >= SAME.overlap && ratio < SAME.growth && ratio > 1 / SAME.growth;
}

/** Whether a crop shows a box large enough that not finding anybody there means something. */
export function shows(crop: Region, box: Region): boolean {
  const size = Math.max(box.width / crop.width, box.height / crop.height);
  return size >= SHOWN.size && shareWithin(box, crop) >= SHOWN.inside;
}

function driftOf(place: Place, at: number): number {
  if (place.recognised) return DRIFT.recognised;
  return at - place.movedAt < MOVED_SECONDS ? DRIFT.moved : DRIFT.still;
}

function found(place: Place, { x, y, width, height, score, label }: Detection, look: Look): Place {
  const evidence = accumulate(place.evidence, score, driftOf(place, look.at), MOST_A_LOOK);
  const size = Math.round(look.crop.width * 100);
  const foundIn = place.foundIn.includes(size) ? place.foundIn : [...place.foundIn, size].slice(-4);
  const looks = place.looks + 1;
  const faintEvidence = accumulate(place.faintEvidence, score, FAINT.drift, FAINT.mostALook);
  const clear = evidence >= RECOGNISED && foundIn.length >= SIZES;
  const faint = faintEvidence >= RECOGNISED && foundIn.length >= FAINT.sizes;
  const box = { x, y, width, height, label, score };
  const next = { ...place, ...box, foundIn, looks, faintEvidence, lastFoundAt: look.at, vainLooks: 0 };
  if (place.recognised) return { ...next, evidence, recognised: evidence > LOST };
  // Recognised by faint scores, a place is given up no sooner than another.
  return clear || faint
    ? { ...next, evidence: Math.max(evidence, RECOGNISED), recognised: true }
    : { ...next, evidence, recognised: false };
}

function missed(place: Place, look: Look): Place {
  const evidence = accumulate(place.evidence, 0, driftOf(place, look.at), MOST_A_LOOK);
  const faintEvidence = accumulate(place.faintEvidence, 0, FAINT.drift, FAINT.mostALook);
  const recognised = place.recognised && evidence > LOST;
  const { looks, vainLooks } = place;
  return { ...place, evidence, faintEvidence, looks: looks + 1, recognised, vainLooks: vainLooks + 1 };
}

function noted(detection: Detection, look: Look, movedAt: number): Place {
  const blank: Place = {
    ...detection,
    evidence: 0,
    faintEvidence: 0,
    looks: 0,
    foundIn: [],
    foundAt: look.at,
    lastFoundAt: look.at,
    movedAt,
    recognised: false,
    vainLooks: 0,
  };
  return found(blank, detection, look);
}

/** So many looks that find nobody end what a place says of its zone. */
const VAIN_LOOKS = 3;
/** Where nobody can look at a place, it says nothing after this many times the vacancy time. */
const UNSEEN_TIMES = 2;
/** The place is looked at again after this part of the vacancy time. */
const CHECKED_AFTER = 0.5;

/** Whether somebody who was recognised at a place counts as still there. */
export function holds(place: Place, at: number, vacancySeconds: number): boolean {
  const unseen = at - place.lastFoundAt;
  return place.recognised && place.vainLooks < VAIN_LOOKS && unseen < UNSEEN_TIMES * vacancySeconds;
}

/** Whether a place that holds a zone has to be looked at, because all looks of late went elsewhere. */
export function isUnchecked(place: Place, at: number, vacancySeconds: number): boolean {
  return holds(place, at, vacancySeconds) && at - place.lastFoundAt >= CHECKED_AFTER * vacancySeconds;
}

/**
 * The places after a look. `detections` are those of the look that may be somebody: labels that occupy the room, without
 * furniture. `movedAt` says when something last moved within a box.
 */
export function observePlaces(
  places: readonly Place[],
  look: Look,
  detections: readonly Detection[],
  movedAt: (box: Region) => number,
): readonly Place[] {
  const free = detections.filter(({ score }) => score >= NOTED);
  const next: Place[] = [];
  for (const place of places.toSorted((one, other) => other.evidence - one.evidence)) {
    const match = free.findIndex((detection) => samePlace(place, detection));
    const [detection] = match < 0 ? [] : free.splice(match, 1);
    const moved = { ...place, movedAt: Math.max(place.movedAt, movedAt(place)) };
    if (detection !== undefined) next.push(found(moved, detection, look));
    else next.push(shows(look.crop, place) ? missed(moved, look) : moved);
  }
  for (const detection of free)
    if (!next.some((place) => samePlace(place, detection))) next.push(noted(detection, look, movedAt(detection)));
  return next
    .filter(({ evidence, faintEvidence }) => Math.max(evidence, faintEvidence) > DROPPED)
    .toSorted((one, other) => other.evidence - one.evidence)
    .slice(0, MOST_PLACES);
}
