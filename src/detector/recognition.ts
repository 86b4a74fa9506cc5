import { join } from 'node:path';
import { openSettingsFile } from '../adapters/files/settings-file.js';
import { openRecogniser, openSharedRecogniser, type Recogniser } from '../adapters/opencv/recogniser.js';
import type { Picture } from '../adapters/opencv/picture.js';
import { createBoundedQueue } from '../async/bounded-queue.js';
import { monotonicSeconds } from '../async/clock.js';
import { coalesce } from '../async/coalesce.js';
import type { Health } from '../domain/contract/payloads.js';
import { furnitureKey, readFurniture, type Furniture } from '../domain/recognition/furniture.js';
import type { LookOutcome } from '../domain/recognition/look-outcome.js';
import type { LookOrder } from '../domain/recognition/look-schedule.js';
import type { RecognitionRule } from '../domain/recognition/recognition-rule.js';
import type { LookAnswer, RecognitionNeeds } from '../pipelines/detector/recognise.js';
import type { Config } from '../runtime/config/config.js';
import type { Log } from '../runtime/log.js';
import { isSupervised, recogniserVariable } from '../runtime/process/supervised.js';

/** A look whose answer was taken in, and what it came to. */
export type FinishedLook = { readonly outcome: LookOutcome; readonly answer: LookAnswer };

/** Recognition in a running detector. */
export type RoomRecognition = {
  readonly needs: RecognitionNeeds<Picture>;
  /** the answers of looks, for the frame loop */
  readonly answers: AsyncIterable<LookAnswer>;
  /** what is known to be furniture now */
  furniture(): readonly Furniture[];
  health(): Health['recognition'];
};

type Parts = {
  /** the room's folder, where the furniture is stored */
  readonly folder: string;
  rule(): RecognitionRule;
  observeLook(look: FinishedLook): void;
};

/**
 * Loads the model, or uses that of `roomwatch start`, unless recognition is off or the tutorial's algorithm is used. If the model cannot be loaded, that is
 * logged and the room is watched by motion alone.
 */
export async function openRecognition(
  { motion, recognition }: Pick<Config, 'motion' | 'recognition'>,
  { folder, rule, observeLook }: Parts,
  log: Pick<Log, 'error' | 'warn' | 'debug'>,
): Promise<RoomRecognition | undefined> {
  if (!recognition.enabled || motion.detector === 'tutorial') return undefined;
  let recogniser: Recogniser;
  try {
    const shared = isSupervised() ? process.env[recogniserVariable] : undefined;
    recogniser = shared === undefined ? openRecogniser() : openSharedRecogniser(shared);
  } catch (err) {
    log.error({ err }, 'people cannot be recognised: the model cannot be loaded; motion alone decides');
    return undefined;
  }
  const looks = createLooks(recogniser, log);
  const furniture = await openFurniture(join(folder, 'furniture.json'), log);
  let people: number | null = null;
  const needs: RecognitionNeeds<Picture> = {
    rule,
    furniture: furniture.stored,
    beginLook: looks.begin,
    observeLook(outcome, answer) {
      ({ people } = outcome);
      observeLook({ outcome, answer });
    },
    observeFurniture: furniture.update,
  };
  return {
    needs,
    answers: looks.answers,
    furniture: furniture.now,
    health: () => ({ ...looks.counts(), people }),
  };
}

/** Looks beside the frame loop; each ends with an answer, also if it fails. */
function createLooks(recogniser: Recogniser, log: Pick<Log, 'warn'>) {
  const answers = createBoundedQueue<LookAnswer>();
  let count = 0;
  let milliseconds = 0;
  let failing = false;

  async function begin(order: LookOrder, picture: Picture): Promise<void> {
    const startedAt = monotonicSeconds();
    try {
      const detections = await recogniser.detect(picture, order.crop);
      answers.put({ kind: 'looked', order, look: { at: order.at, crop: order.crop, detections } });
      failing = false;
    } catch (err) {
      if (!failing) log.warn({ err }, 'a look for people failed');
      failing = true;
      answers.put({ kind: 'looked', order, look: undefined });
    }
    count += 1;
    milliseconds = Math.round((monotonicSeconds() - startedAt) * 1000);
  }

  return {
    answers,
    begin: (order: LookOrder, picture: Picture) => void begin(order, picture),
    /** `milliseconds` is the duration of the last look */
    counts: () => ({ looks: count, milliseconds }),
  };
}

/** The furniture file: written when the set of places changes, not when only a score does. */
async function openFurniture(path: string, log: Pick<Log, 'debug'>) {
  const file = openSettingsFile<{ furniture: readonly Furniture[] }>(path);
  const stored = readFurniture(await file.load().catch(() => undefined));
  let current = stored;
  let savedKey = furnitureKey(stored);
  const save = coalesce(() =>
    file
      .save({ furniture: current })
      .catch((err: unknown) => log.debug({ err }, 'what stands in the room cannot be stored')),
  );
  return {
    stored,
    now: () => current,
    update(furniture: readonly Furniture[]): void {
      current = furniture;
      const key = furnitureKey(furniture);
      if (key === savedKey) return;
      savedKey = key;
      save();
    },
  };
}
