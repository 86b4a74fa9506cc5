import type { Component } from './components.js';
import { createComponentFinder } from './components.js';
import { createDensityFilter } from './density.js';
import type { Moment, Newness } from './foreground.js';
import { createNoiseModel } from './running-quantile.js';
import type { Picture } from './levelled-picture.js';
import { levelled, UNITS } from './levelled-picture.js';

/** The place where the last motion ended is what moved in its last second. */
const END_SECONDS = 1;
/** Something new has to cover this part of that place to be who moved there. */
const STANDING_PART = 0.1;
/** ... and have been there for so long without a break: waves and leaves come and go. */
const STANDING_SINCE = 1;
/** What changes in more of the pictures than this, as a screen does, tells nothing by being new. */
const RESTLESS = 0.2;
/** A thing that looks like somebody is let go after so long without any motion at all. */
export const STANDING_SECONDS = 900;
/** Breathing and swaying are looked for near motion of the last seconds ... */
const ZONE_SECONDS = 20;
/** ... by what differs from about a second ago, in grey levels and in times the usual difference ... */
const TREMBLING = 4;
const TIMES_USUAL = 3.5;
/** ... in pieces of this share of the frame, at places that do not stir by themselves ... */
const PIECE = 0.003;
const CALM = 0.12;
/** ... in so many of the pictures of the last seconds. */
const DENSITY = 0.3;
const DENSITY_SECONDS = 4;

function mark(
  now: Picture,
  then: Picture,
  usual: Float32Array,
  motionAt: Float64Array,
  activity: Float32Array,
  at: number,
  mask: Uint8Array,
): void {
  const least = TREMBLING * UNITS;
  mask.fill(0);
  for (let p = 0; p < mask.length; p++) {
    const d = Math.abs(now.level[p]! - then.level[p]!);
    if (d <= least || d <= TIMES_USUAL * usual[p]!) continue;
    if (at - motionAt[p]! >= ZONE_SECONDS || activity[p]! >= CALM) continue;
    if (levelled(now.level[p]!, now.mean[p]!, then.level[p]!, then.mean[p]!) > least) mask[p] = 1;
  }
}

function differ(now: Uint16Array, then: Uint16Array, first: number, every: number, into: Uint16Array): void {
  for (let p = first; p < into.length; p += every) into[p] = Math.abs(now[p]! - then[p]!);
}

/** Looks for somebody who sits, stands or lies still in an occupied room. */
export function createStillness(width: number, height: number, leastArea: number) {
  const size = width * height;
  const motionAt = new Float64Array(size).fill(-Infinity);
  const usual = createNoiseModel(size, 0.8, UNITS, 255 * UNITS);
  const mask = new Uint8Array(size);
  const dense = new Uint8Array(size);
  const difference = new Uint16Array(size);
  const finder = createComponentFinder(width, height);
  const density = createDensityFilter(width, height);
  let lastMotionAt = -Infinity;
  let signs = 0;
  let turn = 0;

  function lastMovedAt(p: number): boolean {
    return motionAt[p]! >= lastMotionAt - END_SECONDS;
  }

  /** Where the last motion ended, something still stands that the empty room does not have. */
  function stands(picture: Picture, newness: Newness, activity: Float32Array, at: number): boolean {
    if (at - lastMotionAt > STANDING_SECONDS) return false;
    let place = 0;
    let standing = 0;
    for (let p = 0; p < size; p++) {
      if (!lastMovedAt(p)) continue;
      place++;
      if (activity[p]! > RESTLESS) continue;
      if (at - newness.newSince[p]! > STANDING_SINCE && !newness.relit(picture, p)) standing++;
    }
    return standing > leastArea / 2 && standing > STANDING_PART * place;
  }

  function trembles(picture: Picture, older: Picture, activity: Float32Array, moment: Moment): boolean {
    mark(picture, older, usual.level, motionAt, activity, moment.at, mask);
    density(mask, 6, dense);
    const found = finder.find(dense, PIECE * size);
    for (const { left, top, right, bottom } of found) keepAlive(left - 4, top - 4, right + 4, bottom + 4, moment.at);
    signs += (Number(found.length > 0) - signs) * Math.min(1, moment.seconds / DENSITY_SECONDS);
    return found.length > 0 && signs >= DENSITY;
  }

  /** Once the start is over, every second pixel a picture, for two: the same in the long run at half the cost. */
  function learn(picture: Picture, older: Picture, newness: Newness, moment: Moment): void {
    const { age, seconds, occupied, haste } = moment;
    const every = age < 10 ? 1 : 2;
    turn = every === 1 ? 0 : 1 - turn;
    const step = Math.min(1, every * seconds * (occupied ? 1 / 20 : Math.max(1 / 60, haste)));
    differ(picture.level, older.level, turn, every, difference);
    usual.learn(difference, step, newness.standing, (every * seconds) / 600, turn, every);
  }

  /** A sign renews the zone around it, but never makes one where nothing moved within a minute. */
  function keepAlive(left: number, top: number, right: number, bottom: number, at: number): void {
    for (let y = Math.max(0, top); y <= Math.min(height - 1, bottom); y++)
      for (let x = Math.max(0, left); x <= Math.min(width - 1, right); x++) {
        const p = y * width + x;
        if (motionAt[p]! > at - 60)
          motionAt[p] = Math.max(motionAt[p]!, Math.min(at - 5, lastMotionAt - END_SECONDS - 0.01));
      }
  }

  return {
    /** When each pixel was last part of somebody who moved, in seconds; -Infinity where none has been. */
    motionAt,
    /** Whether the last motion ended at this pixel. */
    lastMovedAt,
    /** Marks the pixels of a piece as moving now; `labels` as the component finder left them. */
    moved({ left, top, right, bottom, label }: Component, labels: Uint16Array, at: number): void {
      for (let y = top; y <= bottom; y++)
        for (let p = y * width + left, end = y * width + right; p <= end; p++)
          if (labels[p] === label) motionAt[p] = at;
      lastMotionAt = at;
      signs = 0.5;
    },
    /** @returns whether somebody still is there; call on each picture, `look` is false where it cannot be told */
    observe(
      picture: Picture,
      older: Picture | undefined,
      newness: Newness,
      activity: Float32Array,
      look: boolean,
      moment: Moment,
    ): boolean {
      let trembling = false;
      if (older) {
        trembling = look && !moment.settling && trembles(picture, older, activity, moment);
        if (!moment.light) learn(picture, older, newness, moment);
      }
      return trembling || (look && stands(picture, newness, activity, moment.at));
    },
  };
}
