import { createNoiseModel } from './running-quantile.js';
import type { Picture } from './levelled-picture.js';
import { UNITS } from './levelled-picture.js';
import type { PixelList } from './pixel-list.js';
import { createPixelList } from './pixel-list.js';
import { createSceneModel, SAMPLES } from './background-model.js';

/** Grey levels to a remembered sample that are nothing new, at the default sensitivity. */
const NEAR = 12;
/** A pixel is new at so many times the distance it usually has at most. */
const TIMES_USUAL = 2;
const USUAL_QUANTILE = 0.8;
/** Grey levels, before anything is known. */
const AT_FIRST = 60;

/** Seconds to replace all samples of a pixel. */
const SAMPLE_SECONDS = { start: 6, empty: 40, occupied: 60, still: 20, unsettled: 60, passing: 40, relit: 3 };
const START_SECONDS = 10;
/** Something new that stands so long without a change is part of the room, once the room is empty. */
const STILL_SECONDS = 4;
/** Who passes is gone within so long; what is new for longer may stand. */
const PASSING_SECONDS = 3;
/** Seconds to follow the usual distance: where somebody may stand in an occupied room, hardly at all. */
const DISTANCE_SECONDS = { empty: 60, occupied: 20, standing: 600 };

/** What a moment of the film means for learning. */
export type Moment = {
  readonly at: number;
  /** seconds since the scene was first seen */
  readonly age: number;
  /** seconds since the picture before */
  readonly seconds: number;
  readonly occupied: boolean;
  /** the light changes with this picture */
  readonly light: boolean;
  /** the light has changed within the last seconds */
  readonly settling: boolean;
  /** 1/s: much at the start, then less and less */
  readonly haste: number;
};

/** Notes where something becomes new, or is no longer; `unlike` is what could be. */
function date(
  newSince: Float64Array,
  distance: Uint16Array,
  usual: Float32Array,
  near: number,
  at: number,
  unlike: PixelList,
  fresh: PixelList,
): void {
  for (let i = 0; i < fresh.count; i++) {
    const p = fresh.pixels[i]!;
    if (distance[p]! <= near || distance[p]! <= TIMES_USUAL * usual[p]!) newSince[p] = Infinity;
  }
  fresh.count = 0;
  for (let i = 0; i < unlike.count; i++) {
    const p = unlike.pixels[i]!;
    if (distance[p]! <= TIMES_USUAL * usual[p]!) continue;
    fresh.pixels[fresh.count++] = p;
    if (newSince[p] === Infinity) newSince[p] = at;
  }
}

/** Tells what was not there before: pixels unlike all that the scene has shown at their place. */
export function createNewness(width: number, height: number, sensitivity: number) {
  const size = width * height;
  const near = NEAR * UNITS * sensitivity;
  const model = createSceneModel(width, height);
  const usual = createNoiseModel(size, USUAL_QUANTILE, near / 3, 255 * UNITS);
  usual.level.fill(AT_FIRST * UNITS);
  const distance = new Uint16Array(size);
  const newSince = new Float64Array(size).fill(Infinity);
  const unlike = createPixelList(size);
  const fresh = createPixelList(size);
  const standing = new Uint8Array(size);

  /** Marks what has been new for some time. */
  function markStanding(at: number): void {
    standing.fill(0);
    for (let i = 0; i < fresh.count; i++) {
      const p = fresh.pixels[i]!;
      if (at - newSince[p]! > PASSING_SECONDS) standing[p] = 1;
    }
  }

  return {
    /** When a pixel became new, in seconds; Infinity where it is not. */
    newSince,
    /** The pixels that are new. */
    fresh,
    /** 1 where something new may be somebody who stands, in an occupied room; else 0. */
    standing,
    /** How far each pixel was from what is known of it, in 1/8 grey level. */
    distance,
    /** The empty room, in 1/8 grey level. */
    typical(into: Uint16Array): void {
      model.typical(into);
    },
    start(picture: Picture): void {
      model.start(picture);
    },
    look(picture: Picture, at: number, occupied: boolean): void {
      model.measure(picture, near, distance, unlike);
      date(newSince, distance, usual.level, near, at, unlike, fresh);
      if (occupied) markStanding(at);
      else standing.fill(0);
    },
    /** Whether a new pixel shows the old thing in another light. */
    relit(picture: Picture, p: number): boolean {
      return model.relit(picture, p, near);
    },
    /** @param mayStand whether somebody may stand at a pixel: he looks like the scene in another light now and then */
    learn(picture: Picture, changedAt: Float64Array, moment: Moment, mayStand: (p: number) => boolean): void {
      const { at, age, seconds, occupied, settling } = moment;
      const chance = (within: number) => Math.min(1, (SAMPLES * seconds) / within);
      const known = chance(
        age < START_SECONDS ? SAMPLE_SECONDS.start : occupied ? SAMPLE_SECONDS.occupied : SAMPLE_SECONDS.empty,
      );
      const start = chance(SAMPLE_SECONDS.start);
      const still = chance(SAMPLE_SECONDS.still);
      const unsettled = chance(SAMPLE_SECONDS.unsettled);
      const passing = chance(SAMPLE_SECONDS.passing);
      const relit = chance(SAMPLE_SECONDS.relit);
      const most = age < START_SECONDS ? start : settling ? relit : Math.max(known, still);
      model.learn(picture, most, known, newSince, (p) => {
        const newFor = at - newSince[p]!;
        if (age < START_SECONDS) return start;
        if (settling && (!occupied || (!mayStand(p) && model.relit(picture, p, near)))) return relit;
        if (occupied) return newFor < PASSING_SECONDS ? passing : 0;
        return newFor > STILL_SECONDS && at - changedAt[p]! > 3 ? still : unsettled;
      });
      if (moment.light) return;
      const base = 1 / (occupied ? DISTANCE_SECONDS.occupied : DISTANCE_SECONDS.empty);
      const step = Math.min(1, seconds * Math.max(base, occupied ? 0 : moment.haste));
      usual.learn(distance, step, standing, seconds / DISTANCE_SECONDS.standing, 0, 1);
    },
  };
}
/** The memory of one scene, as `stillness` reads it. */
export type Newness = ReturnType<typeof createNewness>;
