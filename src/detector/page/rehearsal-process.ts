import { grayPicture } from '../../adapters/opencv/gray.js';
import type { BufferedFrame } from '../../domain/page/frame-buffer.js';
import { motionRule, roomRule } from '../../domain/room/live-settings.js';
import type { Masks, RehearsalRun, Rehearsal } from '../../domain/page/payloads.js';
import type { LiveSettings } from '../../domain/contract/payloads.js';
import { rehearse } from '../../domain/page/rehearsal.js';
import { openMotionDetector } from '../motion-detectors.js';
import type { Config } from '../../runtime/config/config.js';
import { handleTasks } from '../../runtime/process/worker-process.js';

type Rules = { readonly settings: LiveSettings; readonly masks: Masks };

/** The recorded frames, and the two sets of rules to judge them with. */
export type RehearsalQuestion = {
  readonly frames: readonly BufferedFrame[];
  readonly detector: Config['motion']['detector'];
  readonly before: Rules;
  readonly after: Rules;
};

// A process of its own: judging two minutes of frames takes about a second, in which the detector would drop frames.
handleTasks(({ frames, detector, before, after }: RehearsalQuestion): Rehearsal => ({
  from: frames[0]?.at ?? null,
  to: frames.at(-1)?.at ?? null,
  before: runWith(frames, detector, before),
  after: runWith(frames, detector, after),
}));

function runWith(
  frames: readonly BufferedFrame[],
  detector: RehearsalQuestion['detector'],
  { settings, masks }: Rules,
): RehearsalRun {
  const motion = openMotionDetector(detector, motionRule(settings, masks));
  try {
    return rehearse(
      frames,
      (gray, at, occupied) => {
        const picture = grayPicture(gray);
        try {
          return motion.judge(picture, at, occupied);
        } finally {
          picture.release();
        }
      },
      roomRule('rehearsal', detector, settings, 0),
    );
  } finally {
    motion.close();
  }
}
