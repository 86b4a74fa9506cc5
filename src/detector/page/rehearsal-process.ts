import { grayPicture } from '../../adapters/opencv/gray.js';
import type { BufferedLook } from '../../domain/page/frame-buffer.js';
import { type BufferedFrame, gapsIn } from '../../domain/page/packed-frames.js';
import { motionRule, roomRule } from '../../domain/room/live-settings.js';
import type { Masks, Occupants, RehearsalRun, Rehearsal, Zones } from '../../domain/page/payloads.js';
import type { LiveSettings } from '../../domain/contract/payloads.js';
import { rehearse } from '../../domain/page/rehearsal.js';
import { createRehearsedRecognition, type RehearsedRecognition } from '../../domain/page/rehearsed-recognition.js';
import type { Furniture } from '../../domain/recognition/furniture.js';
import { recognitionRule } from '../../domain/recognition/recognition-rule.js';
import { motionWhereabouts } from '../../domain/zones/whereabouts.js';
import { openMotionDetector } from '../motion-detectors.js';
import type { Config } from '../../runtime/config/config.js';
import { handleTasks } from '../../runtime/process/worker-process.js';

type Rules = {
  readonly settings: LiveSettings;
  readonly masks: Masks;
  readonly zones: Zones;
  readonly occupants: Occupants;
};

/** What was recognised in the recorded frames, and what was known of the room. */
export type RecordedRecognition = { readonly looks: readonly BufferedLook[]; readonly furniture: readonly Furniture[] };

/** The recorded frames, and the two sets of rules to judge them with. */
export type RehearsalQuestion = {
  readonly frames: readonly BufferedFrame[];
  /** undefined where nothing is recognised */
  readonly recognition: RecordedRecognition | undefined;
  readonly detector: Config['motion']['detector'];
  readonly before: Rules;
  readonly after: Rules;
};

// A process of its own: judging two minutes of frames takes about a second, in which the detector would drop frames.
handleTasks((question: RehearsalQuestion): Rehearsal => ({
  from: question.frames[0]?.at ?? null,
  to: question.frames.at(-1)?.at ?? null,
  gaps: gapsIn(question.frames),
  before: runWith(question, question.before),
  after: runWith(question, question.after),
}));

function runWith(
  { frames, recognition, detector }: Pick<RehearsalQuestion, 'frames' | 'recognition' | 'detector'>,
  { settings, masks, zones, occupants }: Rules,
): RehearsalRun {
  const motion = openMotionDetector(detector, motionRule(settings, masks));
  const rule = roomRule('rehearsal', detector, settings, 0, zones);
  const first = frames[0];
  const withoutLooks: RehearsedRecognition = (judgement, at) => ({
    judgement,
    where: motionWhereabouts(judgement, motion.tracks(), at),
  });
  const recognise =
    recognition && first
      ? createRehearsedRecognition({
          ...recognition,
          rule: recognitionRule(occupants, masks),
          vacancySeconds: rule.vacancySeconds,
          beganAt: first.at,
          frame: first.gray,
          detector: motion,
        })
      : withoutLooks;
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
      rule,
      recognise,
    );
  } finally {
    motion.close();
  }
}
