import type { Component } from './components.js';
import { createComponentFinder } from './components.js';
import { createDensityFilter } from './density.js';
import type { Region } from './judgement.js';
import type { PixelList } from './pixel-list.js';
import { STANDING_SECONDS } from './presence.js';
import { createTracker } from './tracks.js';

/** What changes in more of the pictures than this is framed only where it is new. */
const CALM = 0.2;
/** Pixels of 5x5 that have to be set, as for motion. */
const DENSITY = 8;
/** Of the least area, what is left of somebody half hidden or half gone. */
const LEFT_OVER = 0.1;
/** Pictures that a piece has to hang together for, and so many more where the scene moves by itself. */
const LENGTH = { calm: 2, restless: 7 };
/** What is as bright as the scene behind it is missing at a piece's edges: share of the width added on each side. */
const MARGIN = 0.03;

/** What the judge knows of each pixel: seconds when it became new, changed, was part of somebody; how often it changes. */
type Known = {
  /** The pixels that are new, and those that changed with this picture. */
  readonly fresh: PixelList;
  readonly changed: PixelList;
  readonly newSince: Float64Array;
  readonly changedAt: Float64Array;
  readonly motionAt: Float64Array;
  readonly activity: Float32Array;
  readonly looked: Uint8Array;
};

function mark(known: Known, at: number, since: number, mask: Uint8Array): void {
  const { fresh, changed, newSince, changedAt, motionAt, activity, looked } = known;
  mask.fill(0);
  for (let i = 0; i < fresh.count; i++) {
    const p = fresh.pixels[i]!;
    if ((changedAt[p]! >= since || at - motionAt[p]! < STANDING_SECONDS) && looked[p] === 1) mask[p] = 1;
  }
  for (let i = 0; i < changed.count; i++) {
    const p = changed.pixels[i]!;
    if (newSince[p] === Infinity && activity[p]! < CALM && looked[p] === 1) mask[p] = 1;
  }
}

/** The box of a piece in shares of the frame, a little wider. */
function region({ left, top, right, bottom }: Component, width: number, height: number): Region {
  const margin = MARGIN * width;
  const x = Math.max(0, left - margin);
  const y = Math.max(0, top - margin);
  const wide = Math.min(width, right + 1 + margin) - x;
  const tall = Math.min(height, bottom + 1 + margin) - y;
  return { x: x / width, y: y / height, width: wide / width, height: tall / height };
}

/**
 * Finds everybody to be framed, once it is known that somebody is there: who moves, who stands where he has moved
 * before, and who was there from the start and stirs. None of it makes anybody appear: it is asked only in a room where
 * motion or presence was judged already, and may therefore believe more than the judge does.
 */
export function createFraming(width: number, height: number, leastArea: number) {
  const size = width * height;
  const mask = new Uint8Array(size);
  const dense = new Uint8Array(size);
  const density = createDensityFilter(width, height);
  const finder = createComponentFinder(width, height);
  const tracker = createTracker(width, size);

  return {
    /** @param since what is new and changed after that moves; @param activityAround see `createRestlessness` */
    frame(known: Known, at: number, since: number, activityAround: (piece: Component) => number): Region[] {
      mark(known, at, since, mask);
      density(mask, DENSITY, dense);
      return tracker
        .follow(finder.find(dense, LEFT_OVER * leastArea), finder.labels, known.changedAt, at)
        .filter(
          (track) => track.peak >= leastArea && track.length >= LENGTH.calm + LENGTH.restless * activityAround(track),
        )
        .map((track) => region(track, width, height));
    },
    /** The same box for a piece that was found elsewhere. */
    around: (piece: Component): Region => region(piece, width, height),
  };
}
