import type { AdaptiveRule } from './adaptive-rule.js';
import type { Gray, Judgement } from './judgement.js';
import type { BackgroundHints, Inspection, TrackReport } from './motion-detector.js';
import { createSceneDetector, type SceneDetector } from './scene-detector.js';

/** Judges the gray pictures of one camera; it keeps a model of the scene from frame to frame. */
export type AdaptiveDetector = {
  /** @param at the frame's time in seconds, @param occupied the room's state after the previous frame */
  judge(gray: Gray, at: number, occupied: boolean): Judgement;
  /**
   * What the last judgement was made of, as a picture for people: the distance of each pixel from the background model, the
   * moving foreground, or the empty scene. Undefined before the first picture.
   */
  inspect(what: Exclude<Inspection, 'gray'>): Gray | undefined;
  /** The tracks of the frame analysed last, accepted and rejected, in no order; made when asked. */
  tracks(): readonly TrackReport[];
  /** The mean brightness of the frame analysed last, in grey levels (0 to 255); made when asked, undefined before the first. */
  brightness(): number | undefined;
  /** Says what the background model must not learn, and what it may learn at once; until the next call. */
  guide(hints: BackgroundHints): void;
};

/** After a longer pause the scene may be another: the models of the old one are dropped. */
const PAUSE_SECONDS = 5;

/**
 * Judges a film frame by frame; deterministic, with the frame times as its only clock. A change of the frame size, a time
 * that runs backwards or a long pause starts a new scene and never counts as motion.
 */
export function createAdaptiveDetector(rule: AdaptiveRule): AdaptiveDetector {
  let scene: SceneDetector | undefined;
  let width = 0;
  let height = 0;
  let lastAt = 0;
  return {
    judge(gray, at, occupied) {
      const interrupted = gray.width !== width || gray.height !== height || at < lastAt || at - lastAt > PAUSE_SECONDS;
      if (!scene || interrupted) {
        ({ width, height } = gray);
        scene = createSceneDetector(width, height, rule);
      }
      lastAt = at;
      return scene.judge(gray, at, occupied);
    },
    inspect: (what) => scene?.inspect(what),
    tracks: () => scene?.tracks() ?? [],
    brightness: () => scene?.brightness(),
    guide: (hints) => scene?.guide(hints),
  };
}
