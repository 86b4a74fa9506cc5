import type { Gray, Judgement } from './judgement.js';
import { createSceneJudge } from './scene-detector.js';

/** What the user tunes. */
export type AdaptiveRule = {
  /** grey levels, 5 by default; larger is less sensitive */
  readonly deltaThresh: number;
  /** square pixels in a frame 500 px wide, 5000 by default; larger is less sensitive */
  readonly minArea: number;
  /** 1 = look, 0 = leave out; as large as the gray picture */
  readonly mask?: Uint8Array;
};

/** Remembers the scene from frame to frame; one for each camera. */
export type AdaptiveJudge = {
  /** @param atSeconds the frame's time, @param occupied the room's status after the frame before */
  judge(gray: Gray, atSeconds: number, occupied: boolean): Judgement;
  /**
   * What the last picture was judged by, for people to look at: how far each place is from all that is known of it, what
   * of that moves, the empty scene. Undefined before the first picture.
   */
  inspect(what: 'difference' | 'foreground' | 'background'): Gray | undefined;
};

/** A longer pause shows another scene: nothing of it may be compared with what was before. */
const PAUSE_SECONDS = 5;

/**
 * Judges a film frame by frame: pure, deterministic, on the film's own time. Frames of another size, a time that runs
 * backwards or a pause begin a new scene, and never count as motion.
 */
export function createAdaptiveJudge(rule: AdaptiveRule): AdaptiveJudge {
  let scene: ReturnType<typeof createSceneJudge> | undefined;
  let width = 0;
  let height = 0;
  let last = 0;
  return {
    judge(gray, atSeconds, occupied) {
      const seam =
        gray.width !== width || gray.height !== height || atSeconds < last || atSeconds - last > PAUSE_SECONDS;
      if (!scene || seam) {
        ({ width, height } = gray);
        scene = createSceneJudge(width, height, rule);
      }
      last = atSeconds;
      return scene.judge(gray, atSeconds, occupied);
    },
    inspect: (what) => scene?.inspect(what),
  };
}
