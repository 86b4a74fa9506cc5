import * as z from 'zod';
import type { Region } from '../motion/judgement.js';
import { iou, shareWithin } from './boxes.js';
import type { Detection, Look } from './detection.js';
import { LABELS, type Label } from './labels.js';
import type { Place } from './places.js';

/** Something that the model takes for an occupant at the same place of an empty room again and again; kept over restarts. */
export type Furniture = Region & {
  readonly label: Label;
  /** the highest score it reached, slowly forgotten */
  readonly score: number;
  /** looks that found it, at most `ENOUGH` */
  readonly seen: number;
  /** looks in a row that did not, though they showed its place */
  readonly missed: number;
  /** it held the room once, and never moved: it does so no more */
  readonly settled: boolean;
};

const LEAST_SCORE = 0.2;
const SAME = 0.5;
const SURE = 2;
const ENOUGH = 20;
/** Gone after so many looks without it: it was taken away, or somebody stands before it. */
const FORGOTTEN = 12;
/** Somebody at the same place scores higher than it ever did by this much. */
const MARGIN = 0.1;
const FADING = 0.99;
const MOST_PIECES = 24;

/** Somebody who has not moved at all for this long since the camera opened is a thing, and later also one that came in. */
const SETTLED_SECONDS = { neverMoved: 900, moved: 7200 };

const same = (one: Detection | Furniture, other: Furniture) => one.label === other.label && iou(one, other) >= SAME;

/** The furniture after a look at an empty room in which nothing moves. */
export function learnFurniture(
  furniture: readonly Furniture[],
  look: Look,
  detections: readonly Detection[],
): readonly Furniture[] {
  const candidates = detections.filter(({ score }) => score >= LEAST_SCORE);
  const known = furniture.map((piece): Furniture => {
    const match = candidates.find((detection) => same(detection, piece));
    if (match === undefined)
      return shareWithin(piece, look.crop) >= 0.8 ? { ...piece, missed: piece.missed + 1 } : piece;
    const { x, y, width, height } = match;
    const score = Math.max(match.score, piece.score * FADING);
    return { ...piece, x, y, width, height, score, seen: Math.min(ENOUGH, piece.seen + 1), missed: 0 };
  });
  const added = candidates
    .filter((detection) => !known.some((piece) => same(detection, piece)))
    .map(({ x, y, width, height, label, score }) => ({
      x,
      y,
      width,
      height,
      label,
      score,
      seen: 1,
      missed: 0,
      settled: false,
    }));
  return [...known, ...added]
    .filter(({ missed, seen }) => missed < Math.min(FORGOTTEN, 2 * seen + 2))
    .toSorted((one, other) => Number(other.settled) - Number(one.settled) || other.seen - one.seen)
    .slice(0, MOST_PIECES);
}

const stored = z.object({
  furniture: z.array(
    z.object({
      ...{ x: z.number(), y: z.number(), width: z.number(), height: z.number() },
      ...{ label: z.enum(LABELS), score: z.number(), seen: z.number(), missed: z.number(), settled: z.boolean() },
    }),
  ),
});

/** Reads furniture that an earlier run stored; what does not fit is no furniture. */
export function readFurniture(json: unknown): readonly Furniture[] {
  return stored.safeParse(json).data?.furniture ?? [];
}

/** The same text for the same pieces at about the same places, whatever their scores. */
export function furnitureKey(furniture: readonly Furniture[]): string {
  const place = (share: number) => Math.round(share * 10);
  return furniture
    .filter(({ seen }) => seen >= SURE)
    .map(({ label, x, y, width, height, settled }) =>
      [label, settled, place(x + width / 2), place(y + height / 2)].join(' '),
    )
    .toSorted()
    .join('; ');
}

/** Whether a detection is only furniture. */
export function isFurniture(furniture: readonly Furniture[], detection: Detection): boolean {
  return furniture.some(
    (piece) => piece.seen >= SURE && same(detection, piece) && detection.score <= piece.score + MARGIN,
  );
}

/** Whether a detection is furniture that must not hold the room, however well it is recognised. */
export function isSettled(furniture: readonly Furniture[], detection: Detection): boolean {
  return furniture.some((piece) => piece.settled && same(detection, piece) && detection.score <= piece.score + MARGIN);
}

/** Moves places where nothing has stirred for very long from the people to the furniture. */
export function settle(
  places: readonly Place[],
  furniture: readonly Furniture[],
  at: number,
): { readonly places: readonly Place[]; readonly furniture: readonly Furniture[] } {
  const stirredAt = ({ movedAt, foundAt }: Place) => Math.max(movedAt, foundAt);
  const patience = ({ movedAt }: Place) => (movedAt === -Infinity ? SETTLED_SECONDS.neverMoved : SETTLED_SECONDS.moved);
  const settled = places.filter((place) => place.recognised && at - stirredAt(place) > patience(place));
  if (settled.length === 0) return { places, furniture };
  const pieces = settled.map(({ x, y, width, height, label, score }): Furniture => {
    return { x, y, width, height, label, score, seen: ENOUGH, missed: 0, settled: true };
  });
  return { places: places.filter((place) => !settled.includes(place)), furniture: [...pieces, ...furniture] };
}
