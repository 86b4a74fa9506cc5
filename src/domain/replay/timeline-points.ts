import { calm } from '../motion/judgement.js';
import type { Observation } from '../room/observation.js';
import type { RoomStatus } from '../contract/payloads.js';

/** One moment of a timeline: one frame, or some consecutive frames of a long clip. */
export type TimelinePoint = {
  /** seconds from the start of the clip, of the first of its frames */
  readonly at: number;
  /** shares of the frame (0 to 1), the greatest of its frames */
  readonly level: number;
  /** share that moved but was rejected */
  readonly rejected: number;
  readonly threshold: number;
  readonly moving: boolean;
  readonly present: boolean;
  readonly suppressed: string | undefined;
  readonly status: RoomStatus['status'];
  readonly motion: boolean;
};

/** Collects the points of a timeline in bounded memory. */
export type TimelinePoints = {
  add(point: TimelinePoint): void;
  /** in the order of time, fewer than twice `columns` */
  list(): readonly TimelinePoint[];
};

/**
 * Keeps a point for each frame until there are twice as many as `columns`; then joins them in pairs, and later frames in
 * groups of the same size. So a clip of any length keeps at least a point for each column of the chart.
 */
export function createTimelinePoints(columns: number): TimelinePoints {
  let points: TimelinePoint[] = [];
  let framesPerPoint = 1;
  let framesInLast = 0;
  return {
    add(point) {
      const last = points.at(-1);
      if (last !== undefined && framesInLast < framesPerPoint) {
        points[points.length - 1] = join(last, point);
        framesInLast++;
        return;
      }
      if (points.length >= 2 * columns - 1) {
        points = points.flatMap((one, n) => (n % 2 === 0 ? [join(one, points[n + 1] ?? one)] : []));
        // An odd number of points: the last of them has no partner yet, and takes the frames that come now.
        points[points.length - 1] = join(points.at(-1)!, point);
        framesInLast = framesPerPoint + 1;
        framesPerPoint *= 2;
        return;
      }
      points.push(point);
      framesInLast = 1;
    },
    list: () => points,
  };
}

/** The point of one analysed frame. */
export function timelinePoint({ at, judgement = calm, room }: Observation): TimelinePoint {
  const { changed, rejected = 0, threshold, moving, present, suppressed } = judgement;
  const { status, motion } = room.published;
  return { at, level: changed, rejected, threshold, moving, present, suppressed, status, motion };
}

/** Whatever held in one of the two holds in both together; of two statuses the less common one stays visible. */
function join(one: TimelinePoint, next: TimelinePoint): TimelinePoint {
  const statuses = [one.status, next.status];
  return {
    at: one.at,
    level: Math.max(one.level, next.level),
    rejected: Math.max(one.rejected, next.rejected),
    threshold: Math.max(one.threshold, next.threshold),
    moving: one.moving || next.moving,
    present: one.present || next.present,
    suppressed: one.suppressed ?? next.suppressed,
    status: statuses.includes('occupied') ? 'occupied' : statuses.includes('unknown') ? 'unknown' : 'unoccupied',
    motion: one.motion || next.motion,
  };
}
