import type { AdaptiveRule } from './adaptive-rule.js';
import { ANALYSIS_SECONDS } from './analysis.js';
import { createChangeMap } from './change-map.js';
import { createDynamicBackground } from './dynamic-background.js';
import { createForegroundModel } from './foreground.js';
import { frameContextOf, type FrameContext } from './frame-context.js';
import type { Gray, Judgement, Region } from './judgement.js';
import { calm } from './judgement.js';
import type { LevelledPicture } from './levelled-picture.js';
import { createLeveller, createLevelledPicture, greyLevelOf, UNITS_PER_LEVEL } from './levelled-picture.js';
import { createLightChangeDetector, type LightChange } from './light-change.js';
import type { BackgroundHints, Inspection, TrackReport } from './motion-detector.js';
import { createMotionTracker } from './motion-tracker.js';
import { createRegionFinder } from './people-regions.js';
import { createPresenceDetector } from './presence.js';
import { createRecentPictures } from './recent-pictures.js';
import { isAccepted } from './track-acceptance.js';
import { areaOf, meanGreyLevel, reportTrack } from './scene-report.js';
import type { Track } from './tracks.js';
import { createViewWatcher, type View } from './view-change.js';

const READY_SECONDS = 2.5;
/** From this age on, the background is known well enough to notice that the camera was moved. */
const VIEW_SECONDS = 8;
/** The dynamic background learns from this age on. */
const LEARNING_SECONDS = 1;
/** Grey levels between two pictures that count as a change, at the default `deltaThresh`. */
const CHANGED_LEVELS = 8;
const DEFAULT_DELTA = 5;
/** Foreground that changed within this time moves; while the light settles, only what changes with this picture. */
const MOVING_SECONDS = { usual: 1, settling: 0.01 };
/** How often a pixel changes is learned and forgotten within this time. */
const FLICKER_SECONDS = 20;
/** `minArea` is the area of a box in a blurred and twice dilated difference; this part of it are pixels that really move. */
const AREA_PART = 0.15;
/** Smaller blobs are followed too: a person before they are large enough, and what usually moves in the scene. */
const FOLLOWED_PART = 0.1;
/** For this time after the room became unoccupied (a lamp may be switched off with it), a track needs this many times the area. */
const AFTER_VACANCY = { seconds: 3, times: 3 };
/** How far the surroundings of a pixel reach, as a share of the width. */
const SURROUNDINGS = 4.5 / 160;
/** Presence compares with a picture older than this by `min` to `max` seconds; five steps back are older than `min`. */
const OLDER_SECONDS = { min: 0.85, max: 1.7 };
const KEPT_PICTURES = 6;

function minAreaPixels(width: number, height: number, minArea: number): number {
  return Math.max(2, (minArea * AREA_PART * (width * height)) / (500 * 500 * (height / width)));
}

/** What is kept of one scene from frame to frame. */
function createModels(width: number, height: number, minArea: number, rule: AdaptiveRule) {
  const size = width * height;
  const sensitivity = rule.deltaThresh / DEFAULT_DELTA;
  const regionOfInterest = rule.mask?.length === size ? rule.mask : new Uint8Array(size).fill(1);
  const foreground = createForegroundModel(width, height, sensitivity);
  return {
    regionOfInterest,
    level: createLeveller(width, height, Math.round(width * SURROUNDINGS)),
    pictures: createRecentPictures(size, KEPT_PICTURES),
    changes: createChangeMap(size, CHANGED_LEVELS * UNITS_PER_LEVEL * sensitivity),
    light: createLightChangeDetector(),
    foreground,
    view: createViewWatcher(width, height, foreground.writeBackground),
    background: createDynamicBackground(width, height, minArea * FOLLOWED_PART),
    motion: createMotionTracker(width, height, minArea * FOLLOWED_PART, regionOfInterest),
    presence: createPresenceDetector(width, height, minArea),
    regions: createRegionFinder(width, height, minArea),
  };
}
type Models = ReturnType<typeof createModels>;

function addPicture({ level, pictures }: Models, gray: Gray, at: number): LevelledPicture {
  const picture = pictures.next(at);
  level(gray.pixels, picture);
  return picture;
}

/** The area, in pixels, that a track needs: more for a moment after the room became unoccupied. */
function createAreaThreshold(minArea: number) {
  let wasOccupied = false;
  let vacatedAt = -Infinity;
  return (at: number, occupied: boolean): number => {
    if (wasOccupied && !occupied) vacatedAt = at;
    wasOccupied = occupied;
    return minArea * (at - vacatedAt < AFTER_VACANCY.seconds ? AFTER_VACANCY.times : 1);
  };
}

/** @param sceneSeconds seconds since the first frame of the scene, @param stepSeconds since the frame analysed before */
function detectLightChange(
  { changes, light, pictures }: Models,
  at: number,
  sceneSeconds: number,
  stepSeconds: number,
): LightChange {
  const rate = stepSeconds / Math.max(1, Math.min(FLICKER_SECONDS, sceneSeconds));
  return light.detect(changes.compare(pictures.newest(), pictures.previous(), at, rate), at);
}

/** Finds the tracks that count as motion and records them; learns from the others. */
function acceptMotion(models: Models, context: FrameContext, movingSince: number, minArea: number): readonly Track[] {
  const { background, changes, foreground, motion, presence } = models;
  const { at, age, lightChanging } = context;
  const tracks = motion.update(foreground, changes, at, movingSince);
  const known = !lightChanging && age >= READY_SECONDS;
  const accepted = known ? tracks.filter((track) => track.area >= minArea && isAccepted(track, age, background)) : [];
  for (const track of accepted) presence.recordMotion(track, motion.labels, at);
  if (!lightChanging && age > LEARNING_SECONDS) background.update(tracks, changes.changedAt, context);
  return accepted;
}

function olderPicture({ pictures }: Models, at: number): LevelledPicture | undefined {
  return pictures.older(at, OLDER_SECONDS.min, OLDER_SECONDS.max);
}

function detectPresence(models: Models, picture: LevelledPicture, moving: boolean, context: FrameContext): boolean {
  const { background, foreground, presence } = models;
  const older = olderPicture(models, context.at);
  const enabled = context.occupied && !moving && !context.lightChanging;
  return presence.detect({ picture, older, foreground, activity: background.activity }, enabled, context);
}

function seeView(models: Models, picture: LevelledPicture, at: number): View {
  const { foreground, foregroundSince } = models.foreground;
  return models.view.watch(picture, olderPicture(models, at), foreground.count / foregroundSince.length, at);
}

/** While the camera shows something else, nothing counts and nothing is learned: it may come back. */
function awayJudgement({ foreground: { foreground, foregroundSince } }: Models, threshold: number, begins: boolean) {
  const size = foregroundSince.length;
  const suppressed = begins ? 'camera_moved' : undefined;
  return { ...calm, threshold: threshold / size, rejected: foreground.count / size, suppressed };
}

function findRegions(
  { background, changes, foreground, presence, regionOfInterest, regions }: Models,
  moving: readonly Track[],
  last: readonly Region[],
  at: number,
  movingSince: number,
): readonly Region[] {
  const pixels = {
    foreground: foreground.foreground,
    changed: changes.changed,
    foregroundSince: foreground.foregroundSince,
    changedAt: changes.changedAt,
    motionAt: presence.motionAt,
    activity: background.activity,
    regionOfInterest,
  };
  return regions.find(pixels, moving, last, at, movingSince, background.activityWithin);
}

function inspectModels({ foreground, motion }: Models, what: Exclude<Inspection, 'gray'>): Uint8Array {
  switch (what) {
    case 'foreground':
      return motion.moving.map((moves) => (moves > 0 ? 255 : 0));
    case 'difference':
      // An eighth of a grey level is drawn as a whole one, because about a hundred of them make a pixel foreground.
      return Uint8Array.from(foreground.distance, (eighths) => Math.min(255, eighths));
    case 'background': {
      const means = createLevelledPicture(foreground.distance.length);
      foreground.writeBackground(means);
      return Uint8Array.from(means.brightness, (mean) => Math.round(greyLevelOf(mean)));
    }
  }
}

/** Judges one uninterrupted scene: gray pictures of one size, in order. */
export function createSceneDetector(width: number, height: number, rule: AdaptiveRule) {
  const size = width * height;
  const minArea = minAreaPixels(width, height, rule.minArea);
  const models = createModels(width, height, minArea, rule);
  const areaThreshold = createAreaThreshold(minArea);
  let startAt: number | undefined;
  let lastAt = 0;
  let moving: readonly Track[] = [];
  let judgement: Judgement = { ...calm, ready: false };
  let view: View = 'known';

  function analyse(gray: Gray, at: number, occupied: boolean, sceneAt: number): Judgement {
    const threshold = areaThreshold(at, occupied);
    const picture = addPicture(models, gray, at);
    const light = detectLightChange(models, at, at - sceneAt, at - lastAt);
    const context = frameContextOf(at, sceneAt, lastAt, occupied, light);
    models.foreground.detect(picture, at, occupied);
    const last = view;
    if (context.age >= VIEW_SECONDS) view = seeView(models, picture, at);
    if (view !== 'known') {
      moving = [];
      return awayJudgement(models, threshold, last === 'known');
    }
    const movingSince = at - (light.settling ? MOVING_SECONDS.settling : MOVING_SECONDS.usual);
    moving = acceptMotion(models, context, movingSince, threshold);
    const present = detectPresence(models, picture, moving.length > 0, context);
    models.foreground.update(picture, models.changes.changedAt, context, models.presence.motionEndedAt);
    const accepted = areaOf(moving);
    return {
      moving: moving.length > 0,
      present,
      changed: accepted / size,
      rejected: (areaOf(models.motion.tracks()) - accepted) / size,
      threshold: threshold / size,
      regions: moving.length > 0 || present ? findRegions(models, moving, judgement.regions, at, movingSince) : [],
      suppressed: light.begins ? 'light_change' : undefined,
      ready: context.age >= READY_SECONDS,
    };
  }

  return {
    /** See `AdaptiveDetector`. */
    judge(gray: Gray, at: number, occupied: boolean): Judgement {
      if (startAt === undefined) {
        startAt = lastAt = at;
        models.foreground.initialise(addPicture(models, gray, at));
      } else if (at - lastAt >= ANALYSIS_SECONDS) {
        judgement = analyse(gray, at, occupied, startAt);
        lastAt = at;
      } else if (judgement.suppressed) judgement = { ...judgement, suppressed: undefined };
      return judgement;
    },
    /** See `AdaptiveDetector`. */
    inspect(what: Exclude<Inspection, 'gray'>): Gray {
      return { width, height, pixels: inspectModels(models, what) };
    },
    /** What the camera showed in the frame analysed last; `another` view is a scene of its own. */
    view: (): View => view,
    /** Whether a picture of the same size shows this scene. */
    shows(gray: Gray): boolean {
      const picture = createLevelledPicture(size);
      models.level(gray.pixels, picture);
      return startAt === undefined || models.view.shows(picture);
    },
    /** The tracks of the frame analysed last; made when asked. */
    tracks(): readonly TrackReport[] {
      return models.motion.tracks().map((track) => reportTrack(track, width, height, moving.includes(track)));
    },
    /** See `MotionDetector`. */
    guide(hints: BackgroundHints): void {
      models.foreground.guide(hints);
    },
    /** The mean brightness of the frame analysed last, in grey levels (0 to 255); made when asked. */
    brightness(): number {
      return meanGreyLevel(models.pictures.newest());
    },
  };
}
/** The detector of one scene. */
export type SceneDetector = ReturnType<typeof createSceneDetector>;
