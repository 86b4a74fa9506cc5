import { openRecogniser } from '../adapters/opencv/recogniser.js';
import type { Picture } from '../adapters/opencv/picture.js';
import type { CameraEvent } from '../domain/camera/camera-event.js';
import type { LookOutcome } from '../domain/recognition/look-outcome.js';
import { recognitionRule } from '../domain/recognition/recognition-rule.js';
import type { LookAnswer, RecognitionNeeds } from '../pipelines/detector/recognise.js';
import type { Config } from '../runtime/config/config.js';

/** Recognition in a replay: looks end in the clip's own time, so that the same clip always gives the same result. */
export type ReplayLooks = {
  readonly needs: RecognitionNeeds<Picture>;
  /** The events, with the answer of a look before the first frame that is late enough. */
  answer(
    events: AsyncIterable<CameraEvent<Picture>>,
  ): AsyncGenerator<CameraEvent<Picture> | LookAnswer, void, undefined>;
};

/** Seconds of the clip that a look takes: more than a desktop needs, less than a Raspberry Pi 4. */
const lookSeconds = 0.15;

/** Loads the model, unless recognition is off. Throws an Error if the model cannot be loaded. */
export function openReplayLooks(
  { motion, recognition, zones }: Pick<Config, 'motion' | 'recognition' | 'zones'>,
  observeLook: (outcome: LookOutcome) => void,
): ReplayLooks | undefined {
  if (!recognition.enabled || motion.detector === 'tutorial') return undefined;
  const recogniser = openRecogniser();
  const rule = recognitionRule(recognition.occupied_by, motion.masks, zones);
  let pending: { readonly dueAt: number; readonly answer: Promise<LookAnswer> } | undefined;
  return {
    needs: {
      rule: () => rule,
      furniture: [],
      beginLook(order, picture) {
        const detections = recogniser.detect(picture, order.crop);
        const answer = detections.then((found): LookAnswer => {
          return { kind: 'looked', order, look: { at: order.at, crop: order.crop, detections: found } };
        });
        // Thrown where it is awaited.
        answer.catch(() => undefined);
        pending = { dueAt: order.at + lookSeconds, answer };
      },
      observeLook,
      observeFurniture: () => undefined,
    },
    async *answer(events) {
      for await (const event of events) {
        if (pending !== undefined && event.at >= pending.dueAt) {
          const { answer } = pending;
          pending = undefined;
          yield await answer;
        }
        yield event;
      }
    },
  };
}
