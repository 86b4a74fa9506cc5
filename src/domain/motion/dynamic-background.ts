import type { Component } from './components.js';
import { createNoiseModel } from './running-quantile.js';
import type { Track } from './tracks.js';

const COLUMNS = 8;
const ROWS = 6;
/** Of the largest pieces seen at a place, the share that an empty room stays below. */
const QUANTILE = 0.9;
/** What a place is thought capable of before it is known, as a share of the frame. */
const CAPABLE_AT_FIRST = 0.03;
const EMPTY_SECONDS = 60;
const OCCUPIED_SECONDS = 300;
const START_SECONDS = 10;
/** Bursts of change are learned and forgotten faster than sizes: wind comes and goes. */
const ACTIVE_SECONDS = { empty: 20, occupied: 60 };
/** A visitor's own first second may not count against him. */
const FREE = 0.04;
/** What has travelled so far (share of the width) for so many pictures is somebody, and nothing to get used to. */
const COHERENT = { length: 16, travel: 0.1 };

type Box = Pick<Component, 'left' | 'top' | 'right' | 'bottom'>;
const areaOf = ({ left, top, right, bottom }: Box) => (right - left + 1) * (bottom - top + 1);

/** Whether a piece has gone its way for so long that it is no play of waves or leaves. */
export function coherent(track: Track): boolean {
  return track.length >= COHERENT.length && track.travel >= COHERENT.travel;
}

function follow(
  activity: Float32Array,
  changedAt: Float64Array,
  at: number,
  first: number,
  every: number,
  weight: number,
): void {
  for (let p = first; p < activity.length; p += every) {
    const often = activity[p]!;
    if (changedAt[p] === at) activity[p] = often + (1 - often) * weight;
    else if (often > 0.001) activity[p] = often - often * weight;
  }
}

/** Learns where the empty scene moves by itself, how often, and in pieces of what size. */
export function createRestlessness(width: number, height: number, floor: number) {
  const size = width * height;
  const activity = new Float32Array(size);
  const usual = createNoiseModel(COLUMNS * ROWS, QUANTILE, floor, size);
  usual.level.fill(CAPABLE_AT_FIRST * size);
  const largest = new Uint16Array(COLUMNS * ROWS);
  const alike = new Uint8Array(COLUMNS * ROWS);
  let turn = 0;

  function eachCell(piece: Component, visit: (cell: number) => void): void {
    const right = Math.floor((piece.right * COLUMNS) / width);
    const bottom = Math.floor((piece.bottom * ROWS) / height);
    for (let y = Math.floor((piece.top * ROWS) / height); y <= bottom; y++)
      for (let x = Math.floor((piece.left * COLUMNS) / width); x <= right; x++) visit(y * COLUMNS + x);
  }

  function total({ left, top, right, bottom }: Box): number {
    let sum = 0;
    for (let y = top; y <= bottom; y++)
      for (let p = y * width + left, end = y * width + right; p <= end; p++) sum += activity[p]!;
    return sum;
  }

  return {
    activity,
    /** Pixels that the largest piece of the empty scene usually has where this one is. */
    usualArea(piece: Component): number {
      let most = 0;
      eachCell(piece, (cell) => (most = Math.max(most, usual.level[cell]!)));
      return most;
    },
    /** Share of the time that the place of this piece changes by itself. */
    activityAround(piece: Component): number {
      return Math.max(0, total(piece) / areaOf(piece) - FREE);
    },
    /** The same of what lies beside it, as far as it is wide and tall. */
    activityBeside(piece: Component): number {
      const wide = piece.right - piece.left + 1;
      const tall = piece.bottom - piece.top + 1;
      const box = {
        left: Math.max(0, piece.left - wide),
        right: Math.min(width - 1, piece.right + wide),
        top: Math.max(0, piece.top - tall),
        bottom: Math.min(height - 1, piece.bottom + tall),
      };
      return (total(box) - total(piece)) / Math.max(1, areaOf(box) - areaOf(piece));
    },
    /** @param haste 1/s, how fast to learn at least: much at the start, then less and less */
    learn(
      tracks: readonly Track[],
      changedAt: Float64Array,
      moment: { at: number; age: number; seconds: number; occupied: boolean; haste: number },
    ): void {
      const { at, age, seconds, occupied, haste } = moment;
      const rate = seconds / (occupied ? ACTIVE_SECONDS.occupied : Math.min(ACTIVE_SECONDS.empty, age));
      // Once the start is over, every second pixel a picture, for two: the same in the long run at half the cost.
      const every = age < START_SECONDS ? 1 : 2;
      turn = every === 1 ? 0 : 1 - turn;
      const weight = Math.min(1, every * rate);
      follow(activity, changedAt, at, turn, every, weight);
      largest.fill(0);
      for (const track of tracks)
        if (!coherent(track))
          eachCell(track, (cell) => (largest[cell] = Math.max(largest[cell]!, Math.min(65535, track.area))));
      const step = occupied
        ? seconds / OCCUPIED_SECONDS
        : Math.max(seconds / EMPTY_SECONDS, Math.min(0.8, haste * seconds));
      usual.learn(largest, step, alike, step, 0, 1);
    },
  };
}
