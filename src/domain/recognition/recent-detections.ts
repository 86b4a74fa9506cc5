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

/** How many people there are: the median of the last three counts, so that one look alone changes nothing. */
export function countPeople(counts: readonly number[], recent: readonly RecentDetection[]): readonly number[] {
  return [...counts, recent.filter(({ label }) => label === 'person').length].slice(-3);
}

/** @returns null before anything has been looked at */
export function smoothedCount(counts: readonly number[]): number | null {
  return counts.toSorted((one, other) => one - other)[Math.floor(counts.length / 2)] ?? null;
}

/** The judge's regions with the label and score of what was recognised there, and whoever was recognised elsewhere. */
export function labelRegions(
  regions: readonly Region[],
  recent: readonly RecentDetection[],
  at: number,
): readonly (Region | Detection)[] {
  const fresh = recent.filter((detection) => at - detection.at <= LABEL_SECONDS);
  const labelled = regions.map((region) => {
    const best = fresh
      .filter((detection) => overlap(detection, region) >= BELONGS)
      .toSorted((one, other) => other.score - one.score)[0];
    return best === undefined ? region : { ...region, label: best.label, score: best.score };
  });
  const elsewhere = recent
    .filter(({ label }) => label === 'person')
    .filter((detection) => !regions.some((region) => overlap(detection, region) >= BELONGS))
    .map(({ x, y, width, height, label, score }): Detection => ({ x, y, width, height, label, score }));
  return [...labelled, ...elsewhere];
}
