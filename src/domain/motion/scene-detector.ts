import type { AdaptiveRule } from './adaptive-rule.js';
import { ANALYSIS_SECONDS } from './analysis.js';
import { createChangeMap } from './change-map.js';
import type { Component } from './components.js';
import { createComponentFinder } from './components.js';
import { createDensityFilter } from './density.js';
import { createFraming } from './people-regions.js';
import type { Gray, Judgement, Region } from './judgement.js';
import { calm } from './judgement.js';
import { createLightWatch } from './light-change.js';
import type { Moment } from './foreground.js';
import { createNewness } from './foreground.js';
import { byteOf, createPainter, UNITS } from './levelled-picture.js';
import { createRecentPictures } from './recent-pictures.js';
import { coherent, createRestlessness } from './dynamic-background.js';
import { createStillness } from './presence.js';
import type { Track } from './tracks.js';
import { createTracker } from './tracks.js';

const READY_SECONDS = 2.5;
/**
 * Until then the scene is too little known for its own movement to be told from somebody's, unless that goes far
 * (share of the width) in so many pictures.
 */
const SILENT_SECONDS = 4;
const FAR = { length: 9, travel: 0.12 };
/** Grey levels between two pictures that count as a change, at the default `deltaThresh`. */
const CHANGE = 8;
const DEFAULT_DELTA = 5;
/** Something new that moved this recently is moving. */
const FRESH_SECONDS = 1;
const DENSITY = 8;
/** A piece that fills a place which changes so often (share of the pictures) amid a calmer one is a screen's own play. */
const ISLAND = { busy: 0.2, beside: 0.35 };
/** What changes all the time is learned, and forgotten, within so long. */
const FLICKER_SECONDS = 20;
/** The tutorial's areas are boxes of a blurred, twice dilated difference: what really moves is this part of them. */
const AREA_PART = 0.15;
/** A piece has to hang together for so many pictures, and longer where the scene moves by itself. */
const COHERENT = { calm: 2, restless: 14 };
/** Up to so many times the usual area it may still be the scene itself. */
const DOUBTED = 2;
/** Smaller pieces are followed too: what somebody was before he was large enough, and what the scene usually has. */
const FOLLOWED_PART = 0.1;
/** Who keeps still is framed anew so often, not at every picture. */
const REFRAMED_SECONDS = 0.5;
/** After the room's own `unoccupied` (a lamp may go off with it) only so many times the area counts. */
const DEAF = { seconds: 3, times: 3 };
const SURROUNDINGS = 4.5 / 160;

function areaOf(pieces: readonly Component[]): number {
  return pieces.reduce((sum, { area }) => sum + area, 0);
}

/** Judges one uninterrupted scene. */
export function createSceneJudge(width: number, height: number, rule: AdaptiveRule) {
  const size = width * height;
  const sensitivity = rule.deltaThresh / DEFAULT_DELTA;
  const leastArea = Math.max(2, (rule.minArea * AREA_PART * size) / (500 * 500 * (height / width)));
  const paint = createPainter(width, height, Math.round(width * SURROUNDINGS));
  // Five steps before this one are older than the 0.85 s that `stillness` asks for.
  const pictures = createRecentPictures(size, 6);
  const changes = createChangeMap(size);
  const lightWatch = createLightWatch();
  const newness = createNewness(width, height, sensitivity);
  const density = createDensityFilter(width, height);
  const finder = createComponentFinder(width, height);
  const tracker = createTracker(width, size);
  const restlessness = createRestlessness(width, height, leastArea * FOLLOWED_PART);
  const stillness = createStillness(width, height, leastArea);
  const framing = createFraming(width, height, leastArea);
  const mask = new Uint8Array(size);
  const dense = new Uint8Array(size);
  const looked = rule.mask?.length === size ? rule.mask : new Uint8Array(size).fill(1);
  let startAt: number | undefined;
  let last = 0;
  let carried: Judgement = { ...calm, ready: false };
  let wasOccupied = false;
  let vacatedAt = -Infinity;
  let framedAt = -Infinity;

  function momentOf(at: number, occupied: boolean, light: { light: boolean; settling: boolean }): Moment {
    const age = at - startAt!;
    const seconds = Math.min(1, at - last);
    // As in stochastic approximation: large steps first, then smaller ones, so that the start is soon outweighed.
    const haste = Math.min(1 / seconds, (6.5 / age) * Math.min(1, 10 / age));
    return { at, age, seconds, occupied, haste, light: light.light, settling: light.settling };
  }

  /** What changed after this changed just now; while the light settles, only what changes with this very picture. */
  function freshSince(at: number, settling: boolean): number {
    return at - (settling ? 0.01 : FRESH_SECONDS);
  }

  /** What is new and changed just now. */
  function markMoving(since: number): void {
    const { count, pixels } = newness.fresh;
    const { changedAt } = changes;
    mask.fill(0);
    for (let i = 0; i < count; i++) {
      const p = pixels[i]!;
      if (changedAt[p]! >= since && looked[p] === 1) mask[p] = 1;
    }
  }

  /** Where the scene moves by itself, a piece has to be larger than usual there or hang together for longer. */
  function somebody(track: Track, age: number): boolean {
    if (coherent(track)) return true;
    if (age < SILENT_SECONDS) return track.length >= FAR.length && track.travel >= FAR.travel;
    const usual = restlessness.usualArea(track);
    if (track.area < usual) return false;
    const activity = restlessness.activityAround(track);
    if (activity > ISLAND.busy && restlessness.activityBeside(track) < ISLAND.beside * activity) return false;
    const doubt = activity * Math.min(1, (DOUBTED * usual) / track.area);
    return track.length >= COHERENT.calm + COHERENT.restless * doubt;
  }

  /** Pieces of what is new and moves, with their past; none while the light changes or the scene is not known. */
  function follow(moment: Moment): readonly Track[] {
    density(mask, DENSITY, dense);
    const tracks = tracker.follow(
      finder.find(dense, leastArea * FOLLOWED_PART),
      finder.labels,
      changes.changedAt,
      moment.at,
    );
    if (moment.light || moment.age < READY_SECONDS) return [];
    return tracks;
  }

  /** Everybody who is there; at least what moves, which is what told that somebody is. */
  function regions(moving: readonly Component[], at: number, since: number): readonly Region[] {
    if (moving.length === 0 && carried.regions.length > 0 && at - framedAt < REFRAMED_SECONDS) return carried.regions;
    framedAt = at;
    const { newSince, fresh } = newness;
    const { changedAt, changed } = changes;
    const { activity, activityAround } = restlessness;
    const known = { fresh, newSince, changed, changedAt, activity, looked, motionAt: stillness.motionAt };
    const framed = framing.frame(known, at, since, activityAround);
    return framed.length > 0 ? framed : moving.map(framing.around);
  }

  function analyse(gray: Gray, at: number, occupied: boolean): Judgement {
    if (wasOccupied && !occupied) vacatedAt = at;
    wasOccupied = occupied;
    const picture = pictures.next(at);
    paint(gray.pixels, picture);
    const change = changes.compare(
      picture,
      pictures.before(),
      at,
      CHANGE * UNITS * sensitivity,
      (at - last) / Math.max(1, Math.min(FLICKER_SECONDS, at - startAt!)),
    );
    const light = lightWatch.observe(change, at);
    const moment = momentOf(at, occupied, light);
    newness.look(picture, at, occupied);
    const since = freshSince(at, light.settling);
    markMoving(since);
    const least = leastArea * (at - vacatedAt < DEAF.seconds ? DEAF.times : 1);
    const tracks = follow(moment);
    const moving = tracks.filter((track) => track.area >= least && somebody(track, moment.age));
    const believed = areaOf(moving);
    for (const piece of moving) stillness.moved(piece, finder.labels, at);
    if (!moment.light && moment.age > 1) restlessness.learn(tracker.tracks(), changes.changedAt, moment);
    const look = occupied && moving.length === 0 && !light.light;
    const present = stillness.observe(
      picture,
      pictures.older(at, 0.85, 1.7),
      newness,
      restlessness.activity,
      look,
      moment,
    );
    newness.learn(picture, changes.changedAt, moment, stillness.lastMovedAt);
    return {
      moving: moving.length > 0,
      present,
      changed: believed / size,
      rejected: (areaOf(tracker.tracks()) - believed) / size,
      threshold: least / size,
      regions: moving.length > 0 || present ? regions(moving, at, since) : [],
      suppressed: light.begins ? 'light_change' : undefined,
      ready: moment.age >= READY_SECONDS,
    };
  }

  return {
    /** What the last picture was judged by, made visible; see `AdaptiveJudge`. */
    inspect(what: 'difference' | 'foreground' | 'background'): Gray {
      if (what === 'foreground') return { width, height, pixels: dense.map((counts) => (counts > 0 ? 255 : 0)) };
      // An eighth of a grey level is drawn as one: what counts begins at a hundred of them.
      if (what === 'difference')
        return { width, height, pixels: Uint8Array.from(newness.distance, (eighths) => Math.min(255, eighths)) };
      const typical = new Uint16Array(size);
      newness.typical(typical);
      return { width, height, pixels: Uint8Array.from(typical, byteOf) };
    },
    judge(gray: Gray, at: number, occupied: boolean): Judgement {
      if (startAt === undefined) {
        startAt = last = at;
        const picture = pictures.next(at);
        paint(gray.pixels, picture);
        newness.start(picture);
      } else if (at - last >= ANALYSIS_SECONDS) {
        carried = analyse(gray, at, occupied);
        last = at;
      } else if (carried.suppressed) carried = { ...carried, suppressed: undefined };
      return carried;
    },
  };
}
