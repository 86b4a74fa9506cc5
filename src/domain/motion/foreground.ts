import { createBackgroundModel, SAMPLES, type BackgroundModel } from './background-model.js';
import type { FrameContext } from './frame-context.js';
import type { Region } from './judgement.js';
import type { LevelledPicture } from './levelled-picture.js';
import { UNITS_PER_LEVEL } from './levelled-picture.js';
import type { BackgroundHints } from './motion-detector.js';
import type { PixelList } from './pixel-list.js';
import { createPixelList } from './pixel-list.js';
import { createRunningQuantile } from './running-quantile.js';

/** A sample at most this many grey levels away matches, at the default sensitivity. */
const NEAR = 12;
/** A pixel is foreground from this many times its usual distance. */
const TIMES_USUAL = 2;
const USUAL_QUANTILE = 0.8;
/** The usual distance before anything is known, in grey levels. */
const INITIAL_DISTANCE = 60;

/** Seconds in which all samples of a pixel are replaced, by what is known of it. */
const SAMPLE_SECONDS = { start: 6, empty: 40, occupied: 60, still: 20, unsettled: 60, passing: 40, relit: 3 };
const START_SECONDS = 10;
/** In an empty room, foreground that lasts this long without a change becomes part of the room. */
const STILL_SECONDS = 4;
/** What was recognised as no occupant is learned from this time on, also while the room is occupied. */
const ABSORBED_SECONDS = 1;
/** What only passes is gone within this time; foreground that lasts longer may be a person who stands. */
const PASSING_SECONDS = 3;
/** Seconds in which the usual distance follows: hardly at all where a person may stand in an occupied room. */
const DISTANCE_SECONDS = { empty: 60, occupied: 20, standing: 600 };

/** Lists the foreground among the pixels that match no samples (`unmatched`), and notes where it begins and ends. */
function updateForeground(
  foregroundSince: Float64Array,
  distance: Uint16Array,
  usual: Float32Array,
  near: number,
  at: number,
  unmatched: PixelList,
  foreground: PixelList,
): void {
  for (let i = 0; i < foreground.count; i++) {
    const p = foreground.pixels[i]!;
    if (distance[p]! <= near || distance[p]! <= TIMES_USUAL * usual[p]!) foregroundSince[p] = Infinity;
  }
  foreground.count = 0;
  for (let i = 0; i < unmatched.count; i++) {
    const p = unmatched.pixels[i]!;
    if (distance[p]! <= TIMES_USUAL * usual[p]!) continue;
    foreground.pixels[foreground.count++] = p;
    if (foregroundSince[p] === Infinity) foregroundSince[p] = at;
  }
}

/** Marks the foreground that has lasted longer than a person needs to pass. */
function markLasting(foreground: PixelList, foregroundSince: Float64Array, at: number, lasting: Uint8Array): void {
  for (let i = 0; i < foreground.count; i++) {
    const p = foreground.pixels[i]!;
    if (at - foregroundSince[p]! > PASSING_SECONDS) lasting[p] = 1;
  }
}

type Chances = Readonly<Record<'background' | 'start' | 'still' | 'unsettled' | 'passing' | 'relit', number>>;

/** The probabilities with which a frame replaces a sample of a pixel. */
function chancesFor({ age, seconds, occupied }: FrameContext): Chances {
  const chance = (within: number) => Math.min(1, (SAMPLES * seconds) / within);
  const { start, empty, occupied: whileOccupied, still, unsettled, passing, relit } = SAMPLE_SECONDS;
  return {
    background: chance(age < START_SECONDS ? start : occupied ? whileOccupied : empty),
    start: chance(start),
    still: chance(still),
    unsettled: chance(unsettled),
    passing: chance(passing),
    relit: chance(relit),
  };
}

/** What a hint says about a pixel. */
const HINT = { none: 0, keep: 1, absorb: 2 };

/** Writes a hint into the pixels of a region. */
function markRegion(hints: Uint8Array, { x, y, ...size }: Region, width: number, height: number, hint: number): void {
  const right = Math.min(width, Math.ceil((x + size.width) * width));
  const bottom = Math.min(height, Math.ceil((y + size.height) * height));
  const left = Math.max(0, Math.floor(x * width));
  for (let row = Math.max(0, Math.floor(y * height)); row < bottom; row++)
    hints.fill(hint, row * width + left, Math.max(row * width + left, row * width + right));
}

/** What the chance of a foreground pixel to become part of the background depends on. */
type Evidence = {
  readonly model: BackgroundModel;
  readonly picture: LevelledPicture;
  readonly near: number;
  readonly foregroundSince: Float64Array;
  readonly changedAt: Float64Array;
  readonly mayBeStanding: (p: number) => boolean;
  readonly hints: Uint8Array;
};

function foregroundChances(chances: Chances, context: FrameContext, evidence: Evidence): (p: number) => number {
  const { at, age, occupied, lightSettling } = context;
  const { start, still, unsettled, passing, relit } = chances;
  const { model, picture, near, foregroundSince, changedAt, mayBeStanding, hints } = evidence;
  return (p) => {
    const lasts = at - foregroundSince[p]!;
    if (hints[p] === HINT.keep) return 0;
    if (hints[p] === HINT.absorb && lasts > ABSORBED_SECONDS) return still;
    if (age < START_SECONDS) return start;
    if (lightSettling && (!occupied || (!mayBeStanding(p) && model.isRelit(picture, p, near)))) return relit;
    if (occupied) return lasts < PASSING_SECONDS ? passing : 0;
    return lasts > STILL_SECONDS && at - changedAt[p]! > 3 ? still : unsettled;
  };
}

/** The largest chance that any pixel can have. */
function maxChanceOf({ start, relit, background, still }: Chances, { age, lightSettling }: FrameContext): number {
  return age < START_SECONDS ? start : lightSettling ? relit : Math.max(background, still);
}

/**
 * Finds the foreground: pixels that match none of what the scene has shown at their place, by more than their usual
 * distance. @param sensitivity a factor on all distances; larger is less sensitive
 */
export function createForegroundModel(width: number, height: number, sensitivity: number) {
  const size = width * height;
  const near = NEAR * UNITS_PER_LEVEL * sensitivity;
  const model = createBackgroundModel(width, height);
  const usual = createRunningQuantile(size, USUAL_QUANTILE, near / 3, 255 * UNITS_PER_LEVEL);
  usual.estimates.fill(INITIAL_DISTANCE * UNITS_PER_LEVEL);
  const distance = new Uint16Array(size);
  const foregroundSince = new Float64Array(size).fill(Infinity);
  const unmatched = createPixelList(size);
  const foreground = createPixelList(size);
  const lasting = new Uint8Array(size);
  const hints = new Uint8Array(size);
  let hinted = false;

  return {
    /** Since when each pixel is foreground, in seconds; Infinity where it is not. */
    foregroundSince,
    /** The pixels that are foreground. */
    foreground,
    /** 1 where lasting foreground may be a person, in an occupied room; else 0. */
    lasting,
    /** The distance of each pixel from the background model, in 1/8 grey level. */
    distance,
    /** Writes the empty scene. */
    writeBackground(into: LevelledPicture): void {
      model.writeMeans(into);
    },
    /** Takes hints over from those before; regions are shares of the picture. */
    guide({ keep, absorb }: BackgroundHints): void {
      if (hinted) hints.fill(HINT.none);
      for (const region of absorb) markRegion(hints, region, width, height, HINT.absorb);
      for (const region of keep) markRegion(hints, region, width, height, HINT.keep);
      hinted = keep.length > 0 || absorb.length > 0;
    },
    initialise(picture: LevelledPicture): void {
      model.initialise(picture);
    },
    detect(picture: LevelledPicture, at: number, occupied: boolean): void {
      model.measure(picture, near, distance, unmatched);
      updateForeground(foregroundSince, distance, usual.estimates, near, at, unmatched, foreground);
      lasting.fill(0);
      if (occupied) markLasting(foreground, foregroundSince, at, lasting);
    },
    /** Whether a foreground pixel shows the background in another light. */
    isRelit(picture: LevelledPicture, p: number): boolean {
      return model.isRelit(picture, p, near);
    },
    /** @param mayBeStanding whether a person may stand at a pixel: a person sometimes looks like the scene in another light */
    update(
      picture: LevelledPicture,
      changedAt: Float64Array,
      context: FrameContext,
      mayBeStanding: (p: number) => boolean,
    ): void {
      const chances = chancesFor(context);
      const evidence = { model, picture, near, foregroundSince, changedAt, mayBeStanding, hints };
      const chanceOf = foregroundChances(chances, context, evidence);
      model.update(picture, maxChanceOf(chances, context), chances.background, foregroundSince, chanceOf);
      if (context.lightChanging) return;
      const { seconds, occupied, minLearningRate } = context;
      const base = 1 / (occupied ? DISTANCE_SECONDS.occupied : DISTANCE_SECONDS.empty);
      const step = Math.min(1, seconds * Math.max(base, occupied ? 0 : minLearningRate));
      usual.update(distance, step, lasting, seconds / DISTANCE_SECONDS.standing, 0, 1);
    },
  };
}
/** The foreground model of one scene. */
export type ForegroundModel = ReturnType<typeof createForegroundModel>;
