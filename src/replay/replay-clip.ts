import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { openFullOpenCv } from '../adapters/opencv/binding.js';
import { openClip, pathOf, turnedClip, whyItBreaksOff, type Clip, type ClipFrame } from '../adapters/opencv/clip.js';
import type { Picture } from '../adapters/opencv/picture.js';
import { drawTimeline } from '../adapters/svg/timeline.js';
import { createFreezeDetector } from '../detector/freeze-detector.js';
import type { NewSnapshot } from '../detector/make-snapshot.js';
import { createSnapshotTaker } from '../detector/snapshot-taker.js';
import { openMotionDetector } from '../detector/motion-detectors.js';
import {
  availabilityMessage,
  healthMessage,
  receiptMessage,
  settingsMessage,
  statusMessage,
  zoneMessage,
  type Message,
} from '../domain/contract/messages.js';
import type { LiveSettings } from '../domain/contract/payloads.js';
import { roomTopics } from '../domain/contract/topics.js';
import { readTruth } from '../domain/replay/clip-labels.js';
import { describeReport } from '../domain/replay/report.js';
import { effectiveSettings, motionRule, roomRule } from '../domain/room/live-settings.js';
import type { SnapshotOrder } from '../domain/room/state.js';
import { initialRoom } from '../domain/room/step.js';
import { tutorialTime } from '../domain/snapshots/tutorial-time.js';
import { noticeFrozen } from '../pipelines/detector/notice-frozen.js';
import { performEffects } from '../pipelines/detector/perform-effects.js';
import { watchRoom } from '../pipelines/detector/watch-room.js';
import type { Config } from '../runtime/config/config.js';
import { localSeconds } from '../runtime/local-time.js';
import { createCountedIds } from '../runtime/ids.js';
import { signReceipt } from '../runtime/signed-receipt.js';
import { clipEvents } from './clip-events.js';
import { openReplayLooks } from './looks.js';
import { createReplayRecorder, type ReplayRecorder } from './recorder.js';
import { openReplayFolder, type ReplayFolder } from './replay-folder.js';

/** The arguments of `roomwatch replay`. */
export type ReplayOptions = {
  readonly clip: string;
  /** the folder for the files; none are written without it */
  readonly out: string | undefined;
  readonly video: boolean;
  readonly plot: boolean;
  /** called now and then with the share of the clip that is done (0 to 1) */
  progress?(share: number): void;
};

/**
 * Runs the detector over a clip as fast as it can, on the clip's own time. It starts at the date of recording, if the file has
 * one, else at the Unix epoch: the same clip and configuration give the same files. Returns a report for people, in lines.
 */
export async function runReplay(options: ReplayOptions, config: Config, signal: AbortSignal): Promise<string> {
  if (options.video) openFullOpenCv();
  const clip = turnedClip(await openClip(pathOf(options.clip), signal), config.camera.rotation / 90);
  const folder =
    options.out === undefined
      ? undefined
      : await openReplayFolder(options.out, { ...clip, timeOn: timeOn(clip.recordedAt) }, options.video);
  try {
    return await replay(clip, options, config, folder, signal);
  } finally {
    await folder?.close();
  }
}

async function replay(
  clip: Clip,
  options: ReplayOptions,
  config: Config,
  folder: ReplayFolder | undefined,
  signal: AbortSignal,
): Promise<string> {
  const name = basename(options.clip);
  const settings = effectiveSettings(config, {});
  const topics = roomTopics(config.mqtt.base_topic, config.room);
  const publish = (seconds: number, message: Message) => folder?.message(seconds, message);
  const beganAt = clip.recordedAt ?? 0;
  const room = initialRoom(beganAt, { ...settings, zones: config.zones });
  const first = { at: beganAt, judgement: undefined, room };
  const recorder = createReplayRecorder(config.room, first);
  let frames = 0;
  let seconds = 0;

  const passed = async ({ frame, atSeconds, picture }: ClipFrame): Promise<void> => {
    frames = frame + 1;
    seconds = atSeconds + 1 / clip.fps;
    // A frame that was not analysed repeats the result before it.
    await folder?.frame(frame, atSeconds, recorder.last, picture);
    if (frame % 64 === 0 && clip.seconds > 0) options.progress?.(Math.min(1, seconds / clip.seconds));
  };

  publish(0, availabilityMessage('online', topics));
  publish(0, statusMessage(room.published, topics));
  for (const { published } of room.zones.states) publish(0, zoneMessage(published, topics));
  publish(0, settingsMessage(settings, topics));
  const clipped = clipEvents(clip, beganAt, config.camera.fps, passed, signal);
  await watch(noticeFrozen(clipped, createFreezeDetector()), config, settings, recorder, folder, clip.recordedAt);
  publish(seconds, availabilityMessage('offline', topics));
  options.progress?.(1);

  if (options.plot && folder !== undefined) {
    const title = `${name} (${config.motion.detector})`;
    const recognises = config.recognition.enabled && config.motion.detector !== 'tutorial';
    const looks = recognises ? recorder.looks : undefined;
    const truth = await labelsBeside(options.clip, clip.fps);
    await folder.timeline(
      drawTimeline({ title, seconds, points: recorder.points(), snapshots: recorder.snapshotsAt, looks, truth }),
    );
  }
  const report = describeReport(name, frames, seconds, recorder.visits(seconds));
  const brokenOff = signal.aborted ? undefined : whyItBreaksOff(clip, frames, seconds);
  return brokenOff === undefined ? report : `${report}\n  ${brokenOff}`;
}

/** The frame loop of a replay: its messages and snapshots go into the folder. */
async function watch(
  inputs: ReturnType<typeof clipEvents>,
  {
    room,
    mqtt,
    http,
    motion,
    recognition,
    camera,
    zones,
  }: Pick<Config, 'room' | 'mqtt' | 'http' | 'motion' | 'recognition' | 'camera' | 'zones'>,
  settings: LiveSettings,
  recorder: ReplayRecorder,
  folder: ReplayFolder | undefined,
  recordedAt: number | undefined,
): Promise<void> {
  const topics = roomTopics(mqtt.base_topic, room);
  const beganAt = recordedAt ?? 0;
  const publish = (message: Message) => folder?.message(recorder.last.at - beganAt, message);
  // No server offers a replay's snapshots; URL and signature have the form of real ones.
  const offer = { publicUrl: `http://127.0.0.1:${http.port}`, secret: http.signing_secret ?? 'replay' };
  const store = async ({ jpeg, facts }: NewSnapshot, { at }: SnapshotOrder): Promise<void> => {
    recorder.snapshotTaken(at);
    if (folder === undefined) return;
    await folder.snapshot(facts.id, jpeg);
    publish(receiptMessage(signReceipt(facts, { ...offer, expires: at }), topics));
  };
  const snapshots = createSnapshotTaker({ room, timeOn: timeOn(recordedAt), start: (task) => task(), store });
  const rule = roomRule(room, motion.detector, settings, camera.warmup_seconds, zones);
  const looks = openReplayLooks({ motion, recognition, zones }, recorder.lookFinished);
  const detector = openMotionDetector(motion.detector, motionRule(settings, motion.masks));
  try {
    await watchRoom<Picture>(
      {
        inputs: looks === undefined ? inputs : looks.answer(inputs),
        detector,
        recognition: looks?.needs,
        rule: () => rule,
        newId: createCountedIds(),
        perform: (effects, picture) => performEffects(effects, picture, { topics, publish, snapshots }),
        observe(observation) {
          const health = recorder.observe(observation);
          if (health !== undefined) publish(healthMessage(health, topics));
        },
        handleCameraEvent: recorder.handleCameraEvent,
      },
      beganAt,
    );
  } finally {
    detector.close();
  }
}

/** The text of a time on pictures: this machine's time, as on a detector's, where the clip has a date. */
function timeOn(recordedAt: number | undefined): (at: number) => string {
  return (at) => tutorialTime(recordedAt === undefined ? at : localSeconds(at));
}

async function labelsBeside(clip: string, fps: number) {
  const csv = await readFile(join(dirname(clip), 'frames.csv'), 'utf8').catch(() => undefined);
  return csv === undefined ? undefined : readTruth(csv, fps);
}
