import type { Component } from './components.js';
import { createNoiseModel } from './noise-model.js';
import type { Track } from './tracks.js';

const COLUMNS = 8;
const ROWS = 6;
/** Of the largest pieces seen at a place, the share that an empty room stays below. */
const QUANTILE = 0.9;
/** What a place is thought capable of before it is known, as a share of the frame. */
const AT_FIRST = 0.03;
const EMPTY_SECONDS = 60;
const OCCUPIED_SECONDS = 300;
/** Bursts of change are learned and forgotten faster than sizes: wind comes and goes. */
const ACTIVE_SECONDS = { empty: 20, occupied: 60 };
/** A visitor's own first second may not count against him. */
const FREE = 0.04;
/** What has travelled so far (share of the width) for so many pictures is somebody, and nothing to get used to. */
const COHERENT = { length: 16, travel: 0.1 };

/** Whether a piece has gone its way for so long that it is no play of waves or leaves. */
export function coherent(track: Track): boolean {
  return track.length >= COHERENT.length && track.travel >= COHERENT.travel;
}

/** Learns where the empty scene moves by itself, how often, and in pieces of what size. */
export function createRestlessness(width: number, height: number, floor: number) {
  const size = width * height;
  const activity = new Float32Array(size);
  const usual = createNoiseModel(COLUMNS * ROWS, QUANTILE, floor, size);
  usual.level.fill(AT_FIRST * size);
  const largest = new Uint16Array(COLUMNS * ROWS);
  const rates = new Float32Array(COLUMNS * ROWS);

  function eachCell(piece: Component, visit: (cell: number) => void): void {
    const right = Math.floor((piece.right * COLUMNS) / width);
    const bottom = Math.floor((piece.bottom * ROWS) / height);
    for (let y = Math.floor((piece.top * ROWS) / height); y <= bottom; y++)
      for (let x = Math.floor((piece.left * COLUMNS) / width); x <= right; x++) visit(y * COLUMNS + x);
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
      let sum = 0;
      for (let y = piece.top; y <= piece.bottom; y++)
        for (let p = y * width + piece.left, end = y * width + piece.right; p <= end; p++) sum += activity[p]!;
      const area = (piece.right - piece.left + 1) * (piece.bottom - piece.top + 1);
      return Math.max(0, sum / area - FREE);
    },
    /** @param haste 1/s, how fast to learn at least: much at the start, then less and less */
    learn(
      tracks: readonly Track[],
      changedAt: Float64Array,
      moment: { at: number; age: number; seconds: number; occupied: boolean; haste: number },
    ): void {
      const { at, age, seconds, occupied, haste } = moment;
      largest.fill(0);
      for (const track of tracks)
        if (!coherent(track))
          eachCell(track, (cell) => (largest[cell] = Math.max(largest[cell]!, Math.min(65535, track.area))));
      rates.fill(occupied ? 1 / OCCUPIED_SECONDS : Math.max(1 / EMPTY_SECONDS, Math.min(0.8 / seconds, haste)));
      usual.learn(largest, rates, seconds);
      const rate = seconds / (occupied ? ACTIVE_SECONDS.occupied : Math.min(ACTIVE_SECONDS.empty, age));
      for (let p = 0; p < size; p++) activity[p] = activity[p]! + ((changedAt[p] === at ? 1 : 0) - activity[p]!) * rate;
    },
  };
}
