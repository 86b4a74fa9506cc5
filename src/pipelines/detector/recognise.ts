import { noHints, type MotionDetector } from '../../domain/motion/motion-detector.js';
import type { Judgement } from '../../domain/motion/judgement.js';
import { backgroundHints } from '../../domain/recognition/background-hints.js';
import type { FrameSize } from '../../domain/recognition/crops.js';
import type { Look } from '../../domain/recognition/detection.js';
import type { Furniture } from '../../domain/recognition/furniture.js';
import type { LookOrder } from '../../domain/recognition/look-schedule.js';
import { lookOutcome, type LookOutcome } from '../../domain/recognition/look-outcome.js';
import { labelRegions } from '../../domain/recognition/recent-detections.js';
import type { RecognitionRule } from '../../domain/recognition/recognition-rule.js';
import { freshRecognition, learn, watch } from '../../domain/recognition/recognition.js';
import { moverOf, type Mover, type Scene } from '../../domain/recognition/scene.js';
import type { Verdict } from '../../domain/recognition/verdict.js';
import { whereabouts } from '../../domain/recognition/whereabouts.js';
import type { RoomRule } from '../../domain/room/state.js';
import type { Whereabouts } from '../../domain/zones/whereabouts.js';

/** The answer of a look that was begun; `look` is undefined if it failed. */
export type LookAnswer = { readonly kind: 'looked'; readonly order: LookOrder; readonly look: Look | undefined };

/** What recognition needs. */
export type RecognitionNeeds<Image> = {
  rule(): RecognitionRule;
  /** learned by earlier runs */
  readonly furniture: readonly Furniture[];
  /** Begins a look. Copies its part of the image before it returns; the answer arrives as the input `looked`. */
  beginLook(order: LookOrder, image: Image): void;
  /** Receives each answer, once it is taken in, and what it came to. */
  observeLook(outcome: LookOutcome, answer: LookAnswer): void;
  /** Receives the furniture after each look. */
  observeFurniture(furniture: readonly Furniture[]): void;
};

/** A frame as recognition sees it. */
export type RecognisedFrame = {
  /** with the regions labelled, and with recognised people added */
  readonly judgement: Judgement;
  readonly verdict: Verdict;
  /** undefined where there are no zones */
  readonly where: Whereabouts | undefined;
  /** the look to begin with this frame */
  readonly order: LookOrder | undefined;
};

/** Recognition between the frames of one room: what the looks said so far, and which look is due. */
export type RecognitionLoop = {
  frame(judgement: Judgement, at: number, occupied: boolean, rule: RoomRule): RecognisedFrame;
  answered(answer: LookAnswer, occupied: boolean): void;
  /** Starts over, as with a new scene; the furniture stays. */
  restart(at: number, size?: FrameSize): void;
  /** Frames have another size from now on. */
  resize(size: FrameSize): void;
};

/** Starts without any look. */
export function createRecognitionLoop<Image>(
  needs: RecognitionNeeds<Image>,
  detector: MotionDetector<Image>,
  startAt: number,
): RecognitionLoop {
  let state = freshRecognition(startAt, needs.furniture);
  let frameSize: FrameSize = { width: 640, height: 480 };
  let movers: readonly Mover[] = [];
  let brightness = 255;

  /** Frames between two analysed ones carry what the detector said of the last. */
  function readDetector(): void {
    if (!detector.analysed()) return;
    movers = detector.tracks().map(moverOf);
    brightness = detector.brightness() ?? brightness;
  }

  return {
    frame(judgement, at, occupied, { warmupSeconds, vacancySeconds, zones }) {
      readDetector();
      const ready = judgement.ready && at - state.schedule.openedAt >= warmupSeconds;
      const { present } = judgement;
      const scene: Scene = {
        ...{ at, ready, moving: ready && judgement.moving, present, movers, brightness },
        ...{ occupied, vacancySeconds, frame: frameSize },
      };
      const rule = needs.rule();
      const [next, verdict, order] = watch(state, scene, rule);
      state = next;
      const where = zones.length === 0 ? undefined : whereabouts(state, scene, rule);
      if (detector.analysed()) detector.guide(backgroundHints(state, scene));
      const regions = labelRegions(judgement.regions, state.recent, at);
      return { judgement: { ...judgement, regions }, verdict, where, order };
    },
    answered(answer, occupied) {
      const { order, look } = answer;
      // A look of the scene before this one.
      if (order.at < state.schedule.openedAt) return;
      state = learn(state, order, look, occupied, needs.rule());
      needs.observeLook(lookOutcome(state, order, look), answer);
      needs.observeFurniture(state.furniture);
    },
    resize: (size) => void (frameSize = size),
    restart(at, size) {
      state = freshRecognition(at, state.furniture);
      frameSize = size ?? frameSize;
      movers = [];
      detector.guide(noHints);
    },
  };
}
