import type { Blob } from './blobs.js';
import type { ForegroundModel } from './foreground.js';
import type { FrameContext } from './frame-context.js';
import type { LevelledPicture } from './levelled-picture.js';
import { createMotionPlaces } from './motion-places.js';
import { createSmallMovementFinder } from './small-movements.js';

/** Foreground has to cover this part of the place where the last motion ended ... */
const STANDING_PART = 0.1;
/** ... and have lasted this long without a break: waves and leaves come and go. */
const STANDING_SINCE = 1;
/** Foreground that changes in more of the pictures than this, such as a screen, shows no person. */
const MAX_ACTIVITY = 0.2;
/** An object that looks like a person is let go after this time without any motion. */
export const STANDING_SECONDS = 900;
/** The place around a small movement is renewed this many pixels beyond it. */
const MARGIN = 4;

/**
 * Whether something that does not belong to the empty room still stands where the last motion ended, which is where
 * `motionAt` is at least `endSince`.
 */
function coversMotionEnd(
  motionAt: Float64Array,
  endSince: number,
  activity: Float32Array,
  foreground: ForegroundModel,
  picture: LevelledPicture,
  at: number,
  minPixels: number,
): boolean {
  const { foregroundSince } = foreground;
  let place = 0;
  let standing = 0;
  for (let p = 0; p < motionAt.length; p++) {
    if (!(motionAt[p]! >= endSince)) continue;
    place++;
    if (activity[p]! > MAX_ACTIVITY) continue;
    if (at - foregroundSince[p]! > STANDING_SINCE && !foreground.isRelit(picture, p)) standing++;
  }
  return standing > minPixels && standing > STANDING_PART * place;
}

/** The pictures that presence is detected in, and what is known of their pixels. */
export type PresenceInput = {
  readonly picture: LevelledPicture;
  /** A picture about a second older, if there is one. */
  readonly older: LevelledPicture | undefined;
  readonly foreground: ForegroundModel;
  readonly activity: Float32Array;
};

/** Detects a person who sits, stands or lies still in an occupied room. */
export function createPresenceDetector(width: number, height: number, minArea: number) {
  const places = createMotionPlaces(width, height);
  const movements = createSmallMovementFinder(width, height);
  const { motionAt } = places;

  function hasSmallMovements(
    picture: LevelledPicture,
    older: LevelledPicture,
    activity: Float32Array,
    context: FrameContext,
  ): boolean {
    const { blobs, frequent } = movements.find(picture, older, motionAt, activity, context);
    for (const { left, top, right, bottom } of blobs) {
      const box = { left: left - MARGIN, top: top - MARGIN, right: right + MARGIN, bottom: bottom + MARGIN };
      places.extend(box, context.at);
    }
    return frequent;
  }

  function isStanding({ picture, foreground, activity }: PresenceInput, at: number): boolean {
    if (at - places.lastAt() > STANDING_SECONDS) return false;
    return coversMotionEnd(motionAt, places.endSince(), activity, foreground, picture, at, minArea / 2);
  }

  return {
    /** When each pixel was last part of accepted motion, in seconds; -Infinity = never. */
    motionAt,
    /** Whether the last motion ended at this pixel. */
    motionEndedAt: (p: number): boolean => motionAt[p]! >= places.endSince(),
    /** Records a blob whose motion was accepted; `labels` are those of the blob finder. */
    recordMotion(blob: Blob, labels: Uint16Array, at: number): void {
      places.record(blob, labels, at);
      movements.motionAccepted();
    },
    /** Call for each analysed picture; @param enabled if false, the answer is false, but the models still learn */
    detect(input: PresenceInput, enabled: boolean, context: FrameContext): boolean {
      const { picture, older, foreground, activity } = input;
      let moves = false;
      if (older) {
        moves = enabled && !context.lightSettling && hasSmallMovements(picture, older, activity, context);
        if (!context.lightChanging) movements.update(picture, older, foreground.lasting, context);
      }
      return moves || (enabled && isStanding(input, context.at));
    },
  };
}
