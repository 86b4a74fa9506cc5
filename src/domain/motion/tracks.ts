import type { Blob } from './blobs.js';

/** A blob followed over time. */
export type Track = Blob & {
  /** Analysed frames in which it changed, about five a second: a frame of a slower camera counts for as many as it stands for. */
  readonly changedFrames: number;
  /** Distance of its centre from where the track began, as a share of the width. */
  readonly travel: number;
  /** The most pixels it has had. */
  readonly maxArea: number;
  readonly fromX: number;
  readonly fromY: number;
};

const FRAMES_A_SECOND = 5;
/** Enough for any scene; further blobs are ignored. */
const MAX_TRACKS = 63;
/** Blobs of two pictures are the same object if they share more than this part of the smaller one ... */
const MIN_OVERLAP = 0.15;
/** ... and the larger one is less than this many times the smaller one. */
const MAX_GROWTH = 4;
/** With pictures farther apart than this (seconds), a blob may share nothing with where it was: then it is sought ... */
const SLOW_SECONDS = 0.3;
/** ... within the distance that a person goes in that time, in widths a second. */
const FASTEST = 0.4;
/** A frame counts if this part of the blob changed with it: a cut on a screen is one change, however long it stays foreground. */
const CHANGED_PART = 0.1;

/**
 * Writes `number` at the blob's pixels in `now`, and counts in `shared`, from `row` on, the pixels that the blob has in common
 * with each blob of the picture before. Returns how many of its pixels changed with this picture.
 */
function compareBlob(
  { left, top, right, bottom, label }: Blob,
  labels: Uint16Array,
  width: number,
  number: number,
  before: Uint8Array,
  now: Uint8Array,
  changedAt: Float64Array,
  at: number,
  shared: Int32Array,
  row: number,
): number {
  let changed = 0;
  for (let y = top; y <= bottom; y++)
    for (let p = y * width + left, end = y * width + right; p <= end; p++) {
      if (labels[p] !== label) continue;
      now[p] = number;
      shared[row + before[p]!]!++;
      changed += Number(changedAt[p] === at);
    }
  return changed;
}

/** The track that a blob continues, of those it shares pixels with the one that changed in most frames. */
function findContinued({ area }: Blob, tracks: readonly Track[], shared: Int32Array, row: number): Track | undefined {
  let longest: Track | undefined;
  for (let index = 0; index < tracks.length; index++) {
    const common = shared[row + index + 1]!;
    if (common === 0) continue;
    const track = tracks[index]!;
    const smaller = Math.min(area, track.area);
    if (common <= MIN_OVERLAP * smaller || Math.max(area, track.area) >= MAX_GROWTH * smaller) continue;
    if (!longest || track.changedFrames > longest.changedFrames) longest = track;
  }
  return longest;
}

/** The nearest track that a blob may continue whose camera is slow. */
function findNearest(blob: Blob, tracks: readonly Track[], reach: number): Track | undefined {
  const distance = (track: Track) =>
    Math.hypot(blob.left + blob.right - track.left - track.right, blob.top + blob.bottom - track.top - track.bottom) /
    2;
  return tracks
    .filter((track) => Math.max(blob.area, track.area) < MAX_GROWTH * Math.min(blob.area, track.area))
    .filter((track) => distance(track) <= reach)
    .toSorted((one, other) => distance(one) - distance(other))[0];
}

function extendTrack(blob: Blob, continued: Track | undefined, frames: number, width: number): Track {
  const { area, sumX, sumY, left, top, right, bottom, label } = blob;
  const x = (left + right) / 2;
  const y = (top + bottom) / 2;
  const { fromX, fromY, changedFrames, maxArea } = continued ?? { fromX: x, fromY: y, changedFrames: 0, maxArea: 0 };
  // Members are named one by one: V8 makes a new hidden class for each object that is copied by `...` and extended, and
  // these classes stay until a full collection.
  return {
    area,
    sumX,
    sumY,
    left,
    top,
    right,
    bottom,
    label,
    fromX,
    fromY,
    changedFrames: changedFrames + frames,
    travel: Math.hypot(x - fromX, y - fromY) / width,
    maxArea: Math.max(maxArea, area),
  };
}

/**
 * Follows blobs from picture to picture by the pixels they share. A person who walks is one track for seconds; glints on
 * water and leaves in the wind are new tracks all the time.
 */
export function createTracker(width: number, size: number) {
  let before = new Uint8Array(size);
  let now = new Uint8Array(size);
  const shared = new Int32Array((MAX_TRACKS + 1) * (MAX_TRACKS + 1));
  let tracks: readonly Track[] = [];
  let lastAt = -Infinity;

  return {
    /** The tracks of the last picture. */
    tracks: (): readonly Track[] => tracks,
    /** @param labels the label of each pixel, from the blob finder; @param changedAt when each pixel last changed */
    update(found: readonly Blob[], labels: Uint16Array, changedAt: Float64Array, at: number): readonly Track[] {
      const seconds = Math.min(1, at - lastAt);
      const stands = Number.isFinite(lastAt) ? Math.max(1, Math.round(seconds * FRAMES_A_SECOND)) : 1;
      const reach = seconds > SLOW_SECONDS ? FASTEST * seconds * width : 0;
      lastAt = at;
      shared.fill(0);
      [before, now] = [now, before];
      now.fill(0);
      tracks = found.slice(0, MAX_TRACKS).map((blob, index) => {
        const row = (index + 1) * (MAX_TRACKS + 1);
        const changed = compareBlob(blob, labels, width, index + 1, before, now, changedAt, at, shared, row);
        const continued =
          findContinued(blob, tracks, shared, row) ?? (reach > 0 ? findNearest(blob, tracks, reach) : undefined);
        return extendTrack(blob, continued, changed >= CHANGED_PART * blob.area ? stands : 0, width);
      });
      return tracks;
    },
  };
}
