import type { Component } from './components.js';

/**
 * A piece that hangs together over time: for how many pictures that it changed in, how far from where it began (share of
 * the width), and the pixels it had at most.
 */
export type Track = Component & {
  readonly length: number;
  readonly travel: number;
  readonly peak: number;
  readonly fromX: number;
  readonly fromY: number;
};

/** Enough for any scene; further pieces are left out. */
const MOST = 63;
/** Two pieces are one thing when they share this part of the smaller one ... */
const OVERLAP = 0.15;
/** ... and neither is so many times the other. */
const GROWTH = 4;
/** A picture counts when this part of the piece changed with it: a cut on a screen is one change, however long it stays new. */
const STIRRING = 0.1;

/**
 * Numbers a piece's pixels in `now` and counts into `shared`, from `row` on, those it has in common with each piece of
 * the picture before.
 * @returns how many of its pixels changed with this picture
 */
function compare(
  { left, top, right, bottom, label }: Component,
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
  let stirring = 0;
  for (let y = top; y <= bottom; y++)
    for (let p = y * width + left, end = y * width + right; p <= end; p++) {
      if (labels[p] !== label) continue;
      now[p] = number;
      shared[row + before[p]!]!++;
      stirring += Number(changedAt[p] === at);
    }
  return stirring;
}

/**
 * Follows pieces from picture to picture by the pixels they share. Somebody who walks is one piece for seconds;
 * glints on water and leaves in the wind are new ones all the time.
 */
export function createTracker(width: number, size: number) {
  let before = new Uint8Array(size);
  let now = new Uint8Array(size);
  const shared = new Int32Array((MOST + 1) * (MOST + 1));
  const stirring = new Int32Array(MOST + 1);
  let tracks: Track[] = [];

  function countShared(pieces: readonly Component[], labels: Uint16Array, changedAt: Float64Array, at: number): void {
    shared.fill(0);
    [before, now] = [now, before];
    now.fill(0);
    pieces.forEach((piece, index) => {
      const number = index + 1;
      const row = number * (MOST + 1);
      stirring[number] = compare(piece, labels, width, number, before, now, changedAt, at, shared, row);
    });
  }

  function extend(piece: Component, number: number): Track {
    let longest: Track | undefined;
    for (let index = 0; index < tracks.length; index++) {
      const common = shared[number * (MOST + 1) + index + 1]!;
      if (common === 0) continue;
      const track = tracks[index]!;
      const smaller = Math.min(piece.area, track.area);
      if (common <= OVERLAP * smaller || Math.max(piece.area, track.area) >= GROWTH * smaller) continue;
      if (!longest || track.length > longest.length) longest = track;
    }
    const { area, left, top, right, bottom, label } = piece;
    const x = (left + right) / 2;
    const y = (top + bottom) / 2;
    const { fromX, fromY, length, peak } = longest ?? { fromX: x, fromY: y, length: 0, peak: 0 };
    const stirs = stirring[number]! >= STIRRING * area ? 1 : 0;
    const travel = Math.hypot(x - fromX, y - fromY) / width;
    // Named one by one: V8 makes a hidden class for each copy by `...` that grows, and they outlive the nursery.
    return {
      area,
      left,
      top,
      right,
      bottom,
      label,
      fromX,
      fromY,
      length: length + stirs,
      travel,
      peak: Math.max(peak, area),
    };
  }

  return {
    /** As `follow` found them last. */
    tracks: (): readonly Track[] => tracks,
    /** @param labels the label of each pixel, as the component finder left them; @param changedAt when each changed last */
    follow(found: readonly Component[], labels: Uint16Array, changedAt: Float64Array, at: number): readonly Track[] {
      const pieces = found.slice(0, MOST);
      countShared(pieces, labels, changedAt, at);
      tracks = pieces.map((piece, index) => extend(piece, index + 1));
      return tracks;
    },
  };
}
