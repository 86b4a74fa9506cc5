import { createLookPace } from '../../domain/camera/frame-pace.js';
import type { MotionDetector, MotionRule } from '../../domain/motion/motion-detector.js';
import { createAdaptiveJudge, type AdaptiveJudge } from '../../domain/motion/adaptive-detector.js';
import type { Gray, Judgement, Region } from '../../domain/motion/judgement.js';
import { drawMask } from './mask.js';
import type { Picture } from './picture.js';
import { shrinkToGray } from './shrink.js';

/**
 * Seconds between two frames that are looked at, a hair less than a fifth: the judge itself compares pictures 0.2 s apart,
 * and frames between carry the last judgement, so their pixels are not touched.
 */
const lookSeconds = 0.19;

/** The detector `adaptive`: hands the judge of `domain/motion` a small gray picture about five times a second. */
export function createAdaptiveMotion(rule: MotionRule): MotionDetector<Picture> {
  let tuned = rule;
  let judge: AdaptiveJudge | undefined;
  let size = '';
  let looks = createLookPace(lookSeconds);
  let carried: Judgement | undefined;
  let judged: Gray | undefined;
  let looked = false;

  const reset = () => {
    judge = carried = judged = undefined;
    looks = createLookPace(lookSeconds);
  };

  return {
    lookSeconds,
    judge(picture, at, occupied) {
      looked = looks(at);
      if (!looked && carried !== undefined) return carried;
      const { gray, seenWidth, seenHeight } = shrinkToGray(picture, judged?.pixels);
      if (judge === undefined || size !== `${gray.width}x${gray.height}`) {
        size = `${gray.width}x${gray.height}`;
        judge = createAdaptiveJudge({ ...tuned, ...maskOf(tuned, gray.width, gray.height) });
      }
      judged = gray;
      const judgement = judge.judge(gray, at, occupied);
      const regions = judgement.regions.map((region) => scale(region, seenWidth, seenHeight));
      // What is said once an event is not said again by the frames that follow.
      carried = { ...judgement, regions, suppressed: undefined };
      return { ...carried, suppressed: judgement.suppressed };
    },
    looked: () => looked,
    inspect: (what) => (what === 'gray' ? judged : judge?.inspect(what)),
    update(next) {
      tuned = next;
      reset();
    },
    reset,
    close: reset,
  };
}

function maskOf({ masks }: MotionRule, width: number, height: number): { mask?: Uint8Array } {
  const drawn = drawMask(masks, width, height);
  if (drawn === undefined) return {};
  const mask = Uint8Array.from(drawn.getData(), (value) => (value > 0 ? 1 : 0));
  drawn.release();
  return { mask };
}

function scale({ x, y, width, height }: Region, byWidth: number, byHeight: number): Region {
  return { x: x * byWidth, y: y * byHeight, width: width * byWidth, height: height * byHeight };
}
