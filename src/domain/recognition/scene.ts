import type { Region } from '../motion/judgement.js';
import type { TrackReport } from '../motion/motion-detector.js';
import type { Point } from '../zones/polygon.js';
import type { FrameSize } from './crops.js';

/** Something the judge follows from picture to picture, whether or not it takes it for somebody. */
export type Mover = Region & {
  /** its centre of mass */
  readonly centre: Point;
  /** share of the frame that it covers */
  readonly area: number;
  /** pictures that it has changed in, about five a second */
  readonly length: number;
  /** distance from where it began, in shares of the width */
  readonly travel: number;
  /** the judge takes it for motion */
  readonly accepted: boolean;
};

/** What one frame shows and what is known of the room; times are in seconds. */
export type Scene = {
  readonly at: number;
  /** the scene is known and the room has warmed up */
  readonly ready: boolean;
  /** the judge takes something for motion; false while the room is warming up */
  readonly moving: boolean;
  readonly present: boolean;
  readonly movers: readonly Mover[];
  /** mean grey level of the picture, 0 to 255 */
  readonly brightness: number;
  readonly occupied: boolean;
  readonly vacancySeconds: number;
  readonly frame: FrameSize;
};

/** A darker picture shows nothing that a model could recognise: its silence is no evidence. Dark until it is brighter. */
const DARK = { from: 14, until: 18 };
/** A mover that the judge does not take for motion is looked at where it has lasted, and is not just a few pixels. */
const CANDIDATE = { length: 3, area: 0.0005, large: 0.005 };
/** What somebody does who crosses a room, and hardly a pet: goes on for so long and so far, upright and not small. */
const PERSON_LIKE = { length: 10, travel: 0.2, height: 0.25, upright: 1 };

/**
 * What a person far away does, too small for `min_area` and for the model: goes on steadily for long and far, taller than
 * wide. Of the animals in the labelled clips, none went farther than 0.25 of the width.
 */
const FAR = { length: 25, travel: 0.35, upright: 1.2 };

/** A track of the motion detector as recognition sees it. */
export function moverOf({ box, centre, area, changedFrames: length, travel, accepted }: TrackReport): Mover {
  return { ...box, centre, area, length, travel, accepted };
}

/**
 * Accepted movers that cover this part of the frame together: the camera moves. A person close to it covers up
 * to 0.64. What is rejected does not count: a lamp changes as much.
 */
const CAMERA_MOVES = 0.7;

/** Whether so much moves that it is the camera. */
export function cameraMoves({ movers }: Scene): boolean {
  return movers.reduce((sum, { accepted, area }) => sum + (accepted ? area : 0), 0) >= CAMERA_MOVES;
}

/** Whether the picture shows too little for a look: motion and presence then decide alone. `before`: of the frame before. */
export function tooDark({ brightness }: Scene, before: boolean): boolean {
  return brightness < (before ? DARK.until : DARK.from);
}

/** The movers worth a look, the largest first. */
export function candidates({ movers }: Scene): readonly Mover[] {
  return movers
    .filter(
      ({ accepted, length, area }) =>
        accepted ||
        (length >= CANDIDATE.length && area >= CANDIDATE.area) ||
        (length >= CANDIDATE.length - 1 && area >= CANDIDATE.large),
    )
    .toSorted((one, other) => Number(other.accepted) - Number(one.accepted) || other.area - one.area);
}

/** The movers that last and travel like a person. */
export function personLike({ movers, frame }: Scene): readonly Mover[] {
  return movers.filter(
    ({ accepted, length, travel, width, height }) =>
      accepted &&
      length >= PERSON_LIKE.length &&
      travel >= PERSON_LIKE.travel &&
      height >= PERSON_LIKE.height &&
      height * frame.height >= PERSON_LIKE.upright * width * frame.width,
  );
}

/** The movers, however small, that go as long and as far as only somebody who crosses the scene does. */
export function farMovers({ movers, frame }: Scene): readonly Mover[] {
  return movers.filter(
    ({ length, area, travel, width, height }) =>
      length >= FAR.length &&
      travel >= FAR.travel &&
      area >= CANDIDATE.area &&
      height * frame.height >= FAR.upright * width * frame.width,
  );
}
