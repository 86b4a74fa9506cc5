import type { Region } from '../motion/judgement.js';
import { overlap } from './boxes.js';
import { suppressOverlaps } from './decode-detections.js';
import type { Detection, Look } from './detection.js';
import type { Label } from './labels.js';

/** A detection that still holds: nothing newer has been seen of its place. */
export type RecentDetection = Detection & { readonly at: number };

/** A detection with a lower score is not shown or counted. */
const SHOWN = 0.4;
/** Someone who moves is soon elsewhere; somebody still is seen again by then. */
const HELD_SECONDS = { moving: 3, still: 40 };
/** Two boxes that overlap by this part of the smaller one show one person. */
const SAME = 0.6;
/** A region gets its label from a detection that is no older. */
const LABEL_SECONDS = 5;
/** A person's own box is shown so long: while something moves, and while nothing does. */
const SHOWN_SECONDS = { moving: 0.5, still: 40 };
const BELONGS = 0.4;

function middleWithin({ x, y, width, height }: Region, crop: Region): boolean {
  const middleX = x + width / 2;
  const middleY = y + height / 2;
  return middleX >= crop.x && middleX <= crop.x + crop.width && middleY >= crop.y && middleY <= crop.y + crop.height;
}

/** The detections after a look: what it saw anew replaces all that was known of its crop. */
export function updateRecent(
  recent: readonly RecentDetection[],
  look: Look,
  detections: readonly Detection[],
  moving: boolean,
): readonly RecentDetection[] {
  const oldest = look.at - (moving ? HELD_SECONDS.moving : HELD_SECONDS.still);
  const found = suppressOverlaps(detections.filter(({ score }) => score >= SHOWN)).map((detection) => ({
    ...detection,
    at: look.at,
  }));
  const kept = recent.filter(
    (old) =>
      old.at >= oldest &&
      !middleWithin(old, look.crop) &&
      !found.some((next) => next.label === old.label && overlap(next, old) >= SAME),
  );
  return [...kept, ...found];
}

/** A detection this certain, this recent and this far from the frame's edges makes a good snapshot. */
const GOOD = { score: 0.5, seconds: 1.5, margin: 0.01 };

/** Whether the frame shows an occupant well: recognised just now, and not cut off by the frame's left or right edge. */
export function showsWell(recent: readonly RecentDetection[], occupies: ReadonlySet<Label>, now: number): boolean {
  return recent.some(
    ({ label, score, x, width, at }) =>
      occupies.has(label) &&
      score >= GOOD.score &&
      now - at <= GOOD.seconds &&
      x >= GOOD.margin &&
      x + width <= 1 - GOOD.margin,
  );
}

/** The people at each of the last three looks, the newest last. */
export function peopleAtLooks(
  last: readonly (readonly RecentDetection[])[],
  recent: readonly RecentDetection[],
): readonly (readonly RecentDetection[])[] {
  return [...last, recent.filter(({ label }) => label === 'person')].slice(-3);
}

/**
 * How many people there are: the median of the last three counts, so that one look alone changes nothing.
 * @returns null before anything has been looked at
 */
export function smoothedCount(counts: readonly number[]): number | null {
  return counts.toSorted((one, other) => one - other)[Math.floor(counts.length / 2)] ?? null;
}

/**
 * What is shown of a frame: the recognised boxes where there are some, with what was recognised there, and the detector's
 * regions elsewhere. A box of somebody who has walked on is not drawn where nobody is any more; somebody still keeps theirs.
 */
export function labelRegions(
  regions: readonly Region[],
  recent: readonly RecentDetection[],
  at: number,
): readonly (Region | Detection)[] {
  const held = regions.length > 0 ? SHOWN_SECONDS.moving : SHOWN_SECONDS.still;
  const labelled = regions.flatMap((region) => {
    const there = recent
      .filter((detection) => at - detection.at <= LABEL_SECONDS && overlap(detection, region) >= BELONGS)
      .toSorted((one, other) => other.score - one.score);
    const people = there.filter((detection) => detection.label === 'person' && at - detection.at <= held);
    if (people.length > 1) return [];
    const best = there[0];
    return best === undefined ? region : { ...region, label: best.label, score: best.score };
  });
  const people = recent
    .filter((detection) => detection.label === 'person' && at - detection.at <= held)
    .filter((detection) => !labelled.some((region) => overlap(detection, region) >= BELONGS))
    .map(({ x, y, width, height, label, score }): Detection => ({ x, y, width, height, label, score }));
  return [...labelled, ...people];
}
