import type { Judgement } from '../motion/judgement.js';
import type { MotionDetector } from '../motion/motion-detector.js';
import { backgroundHints } from '../recognition/background-hints.js';
import type { FrameSize } from '../recognition/crops.js';
import type { Furniture } from '../recognition/furniture.js';
import type { RecognitionRule } from '../recognition/recognition-rule.js';
import { freshRecognition, learn, watch, type Recognition } from '../recognition/recognition.js';
import { labelRegions } from '../recognition/recent-detections.js';
import { moverOf, type Scene } from '../recognition/scene.js';
import type { Verdict } from '../recognition/verdict.js';
import { whereabouts } from '../recognition/whereabouts.js';
import type { Whereabouts } from '../zones/whereabouts.js';
import type { BufferedLook } from './frame-buffer.js';

/** A recorded frame, judged again; `verdict` is missing where nothing is recognised. */
export type RehearsedFrame = {
  readonly judgement: Judgement;
  readonly verdict?: Verdict;
  /** for the zones */
  readonly where?: Whereabouts;
};

/** Adds to the judgement of a frame what the recorded looks said until then. */
export type RehearsedRecognition = (judgement: Judgement, at: number, occupied: boolean) => RehearsedFrame;

type Parts = {
  readonly looks: readonly BufferedLook[];
  /** as it is known now */
  readonly furniture: readonly Furniture[];
  readonly rule: RecognitionRule;
  readonly vacancySeconds: number;
  /** the time of the first frame */
  readonly beganAt: number;
  readonly frame: FrameSize;
  /** has judged the frame */
  readonly detector: Pick<MotionDetector<never>, 'tracks' | 'brightness' | 'guide'>;
};

/**
 * Recognition over a recording. Nothing can be looked at any more, so it hears what the looks of that time said, at the time
 * they said it; the looks that another rule would have ordered are missing.
 */
export function createRehearsedRecognition(parts: Parts): RehearsedRecognition {
  const { furniture, rule, vacancySeconds, beganAt, frame, detector } = parts;
  const looks = [...parts.looks];
  let state = freshRecognition(beganAt, furniture);
  return (judgement, at, occupied) => {
    while (looks.length > 0 && looks[0]!.answeredAt < at) {
      const { order, look } = looks.shift()!;
      state = learn(state, order, look, occupied, rule);
    }
    const movers = detector.tracks().map(moverOf);
    const { ready, moving, present } = judgement;
    const brightness = detector.brightness() ?? 255;
    const scene: Scene = { at, ready, moving, present, movers, brightness, occupied, vacancySeconds, frame };
    const [next, verdict] = watch(state, scene, rule);
    state = withoutLook(next);
    detector.guide(backgroundHints(state, scene));
    const where = whereabouts(state, scene, rule);
    return { judgement: { ...judgement, regions: labelRegions(judgement.regions, state.recent, at) }, verdict, where };
  };
}

/** No look is under way: what is ordered in a rehearsal never begins. */
function withoutLook(state: Recognition): Recognition {
  return state.schedule.underWay ? { ...state, schedule: { ...state.schedule, underWay: false } } : state;
}
