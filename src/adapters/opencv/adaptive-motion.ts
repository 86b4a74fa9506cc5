import { createAnalysisPace } from '../../domain/camera/frame-pace.js';
import { ANALYSIS_SECONDS } from '../../domain/motion/analysis.js';
import type { MotionDetector, MotionRule } from '../../domain/motion/motion-detector.js';
import { createAdaptiveDetector, type AdaptiveDetector } from '../../domain/motion/adaptive-detector.js';
import type { Gray, Judgement, Region } from '../../domain/motion/judgement.js';
import { drawMask } from './mask.js';
import type { Picture } from './picture.js';
import { shrinkToGray } from './shrink.js';

/** The detector `adaptive`: hands the judge of `domain/motion` a small gray picture about five times a second. */
export function createAdaptiveMotion(rule: MotionRule): MotionDetector<Picture> {
  let tuned = rule;
  let judge: AdaptiveDetector | undefined;
  let size = '';
  let looks = createAnalysisPace(ANALYSIS_SECONDS);
  let carried: Judgement | undefined;
  let judged: Gray | undefined;
  let analysed = false;
  /** the shares of the frame that the gray picture shows */
  let seen = { width: 1, height: 1 };

  const reset = () => {
    judge = carried = judged = undefined;
    looks = createAnalysisPace(ANALYSIS_SECONDS);
  };

  return {
    analysisSeconds: ANALYSIS_SECONDS,
    judge(picture, at, occupied) {
      analysed = looks(at) || carried === undefined;
      if (!analysed && carried !== undefined) return carried;
      const { gray, seenWidth, seenHeight } = shrinkToGray(picture, judged?.pixels);
      const resized = size !== `${gray.width}x${gray.height}`;
      size = `${gray.width}x${gray.height}`;
      if (judge === undefined || (resized && !judge.shows(gray))) {
        judge = createAdaptiveDetector({ ...tuned, ...maskOf(tuned, gray.width, gray.height) });
      }
      judged = gray;
      seen = { width: seenWidth, height: seenHeight };
      const judgement = judge.judge(gray, at, occupied);
      const regions = judgement.regions.map((region) => scale(region, seenWidth, seenHeight));
      // What is said once an event is not said again by the frames that follow.
      carried = { ...judgement, regions, suppressed: undefined };
      return { ...carried, suppressed: judgement.suppressed };
    },
    analysed: () => analysed,
    inspect: (what) => (what === 'gray' ? judged : judge?.inspect(what)),
    tracks: () =>
      (judge?.tracks() ?? []).map((track) => ({ ...track, box: scale(track.box, seen.width, seen.height) })),
    brightness: () => judge?.brightness(),
    guide: ({ keep, absorb }) => {
      const back = (region: Region) => scale(region, 1 / seen.width, 1 / seen.height);
      judge?.guide({ keep: keep.map(back), absorb: absorb.map(back) });
    },
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
