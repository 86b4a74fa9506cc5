import type { AdaptiveRule } from './adaptive-rule.js';
import type { Gray, Judgement } from './judgement.js';
import type { BackgroundHints, Inspection, TrackReport } from './motion-detector.js';
import { resample } from './resample.js';
import { createSceneDetector, type SceneDetector } from './scene-detector.js';

/** Judges the gray pictures of one camera; it keeps a model of the scene from frame to frame. */
export type AdaptiveDetector = {
  /** @param at the frame's time in seconds, @param occupied the room's state after the previous frame */
  judge(gray: Gray, at: number, occupied: boolean): Judgement;
  /** Whether a picture of any size shows the scene that is known; false before the first picture. */
  shows(gray: Gray): boolean;
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

/** After a longer pause, up to ten minutes, the scene is known only if the picture still shows it; after that it is a new one. */
const PAUSE_SECONDS = { checked: 5, most: 600 };

/**
 * Judges a film frame by frame; deterministic, with the frame times as its only clock. A time that runs backwards and a very
 * long pause start a new scene, and so do a shorter pause and a change of the frame size if the picture shows another scene
 * than before. None of it ever counts as motion.
 */
export function createAdaptiveDetector(rule: AdaptiveRule): AdaptiveDetector {
  let scene: SceneDetector | undefined;
  /** the size of the scene, and that of the pictures */
  let size = { width: 0, height: 0 };
  let given = size;
  let lastAt = 0;

  const open = ({ width, height }: Gray) => {
    size = { width, height };
    return createSceneDetector(width, height, rule);
  };
  const shows = (gray: Gray) => scene?.shows(resample(gray, size.width, size.height)) ?? false;

  function sceneOf(gray: Gray, at: number): SceneDetector {
    const passed = at - lastAt;
    if (scene === undefined || passed < 0 || passed > PAUSE_SECONDS.most) return open(gray);
    const resized = gray.width !== given.width || gray.height !== given.height;
    return (resized || passed > PAUSE_SECONDS.checked) && !shows(gray) ? open(gray) : scene;
  }

  return {
    judge(gray, at, occupied) {
      scene = sceneOf(gray, at);
      given = { width: gray.width, height: gray.height };
      lastAt = at;
      const fitting = resample(gray, size.width, size.height);
      const judgement = scene.judge(fitting, at, occupied);
      if (scene.view() === 'another') {
        scene = open(fitting);
        scene.judge(fitting, at, occupied);
      }
      return judgement;
    },
    shows,
    inspect: (what) => scene?.inspect(what),
    tracks: () => scene?.tracks() ?? [],
    brightness: () => scene?.brightness(),
    guide: (hints) => scene?.guide(hints),
  };
}
