import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { framesOfClip, openClip, type Clip } from '../adapters/opencv/clip.js';
import type { Picture } from '../adapters/opencv/picture.js';
import { drawTimeline, type TimelinePoint } from '../adapters/svg/timeline.js';
import type { CameraEvent } from '../domain/camera/camera-event.js';
import { readTruth } from '../domain/replay/clip-labels.js';
import { createFramePace } from '../domain/camera/frame-pace.js';
import { effectiveSettings, motionRule, roomRule } from '../domain/room/live-settings.js';
import { receiptMessage, type Message } from '../domain/contract/messages.js';
import { calm } from '../domain/motion/judgement.js';
import type { RoomStatus } from '../domain/contract/payloads.js';
import { createReplayReport, describeReport } from '../domain/replay/report.js';
import { createCameraHealthTracker } from '../domain/room/camera-health.js';
import type { SnapshotOrder } from '../domain/room/state.js';
import { initialRoom } from '../domain/room/step.js';
import { roomTopics } from '../domain/contract/topics.js';
import { tutorialTime } from '../domain/snapshots/tutorial-time.js';
import { makeSnapshot } from '../detector/make-snapshot.js';
import { openMotionDetector } from '../detector/motion-detectors.js';
import { performEffects } from '../pipelines/detector/perform-effects.js';
import type { Observation } from '../domain/room/observation.js';
import { watchRoom } from '../pipelines/detector/watch-room.js';
import { openReplayFolder, type ReplayFolder } from './replay-folder.js';
import type { Config } from '../runtime/config/config.js';
import { createCountedIds } from '../runtime/ids.js';
import { signUrl } from '../runtime/signed-url.js';

/** What `roomwatch replay` was asked for. */
export type ReplayOptions = {
  readonly clip: string;
  /** where the files go; none are written without it */
  readonly out: string | undefined;
  readonly video: boolean;
  readonly plot: boolean;
  /** told how far it is (0 to 1), now and then */
  progress?(share: number): void;
};

/** Seconds of the clip between two health messages, as of a running detector. */
const healthSeconds = 30;

/**
 * Runs the detector over a clip as fast as it goes, on the clip's own time, which begins at the Unix epoch; the same
 * clip and configuration give the same files. Answers with what it saw, in lines for a person.
 */
export async function runReplay(options: ReplayOptions, config: Config, signal: AbortSignal): Promise<string> {
  const clip = await openClip(options.clip);
  const folder = options.out === undefined ? undefined : await openReplayFolder(options.out, clip, options.video);
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
  const settings = effectiveSettings(config, {});
  const topics = roomTopics(config.mqtt.base_topic, config.room);
  const report = createReplayReport();
  const gauge = createCameraHealthTracker();
  const points: TimelinePoint[] = [];
  const snapshotsAt: number[] = [];
  let seen: Observation = { at: 0, judgement: undefined, room: initialRoom(0, settings) };
  let frames = 0;
  let healthDueAt = healthSeconds;

  const darkroom = {
    room: config.room,
    // Nobody serves a replay's snapshots; the URL has the form of a real one.
    urlFor: (file: string, at: number) =>
      signUrl(`http://127.0.0.1:${config.http.port}/${file}`, config.http.signing_secret ?? 'replay', at),
    timeOn: tutorialTime,
  };
  const say = (at: number, message: Message) => folder?.message(at, message);

  async function takeSnapshot(order: SnapshotOrder, picture: Picture): Promise<void> {
    report.snapshot();
    snapshotsAt.push(order.at);
    if (folder === undefined) return;
    const { jpeg, receipt } = await makeSnapshot(order, picture, darkroom);
    await folder.snapshot(order.id, jpeg);
    say(order.at, receiptMessage(receipt, topics));
  }

  async function* inputs(): AsyncGenerator<CameraEvent<Picture>> {
    const due = createFramePace(config.camera.fps);
    yield { kind: 'opened', at: 0, width: clip.width, height: clip.height };
    for await (const { frame, atSeconds, picture } of framesOfClip(clip)) {
      if (signal.aborted) return;
      if (due(atSeconds)) yield { kind: 'frame', at: atSeconds, image: picture, dropped: 0 };
      // Back here the frame has been judged; one that is above camera.fps carries what was said of the last.
      frames = frame + 1;
      await folder?.frame(frame, atSeconds, seen, picture);
      if (frame % 64 === 0 && clip.frameCount > 0) options.progress?.(Math.min(1, frames / clip.frameCount));
    }
  }

  function observe(now: Observation): void {
    seen = now;
    const { published: said } = now.room;
    const warm = said.status !== 'unknown';
    gauge.recordFrame(now.at, now.judgement, warm);
    report.status(now.at, said);
    if (options.plot) points.push(timelinePoint(now, said));
    if (now.at < healthDueAt) return;
    healthDueAt += healthSeconds;
    const health = {
      ...gauge.health(now.at),
      outbox: 0,
      snapshots_kept: snapshotsAt.length,
      mqtt_reconnects: 0,
      uptime_seconds: Math.floor(now.at),
      rss_bytes: process.memoryUsage.rss(),
    };
    say(now.at, { topic: topics.health, payload: health, qos: 0, retain: false });
  }

  say(0, { topic: topics.availability, payload: 'online', qos: 1, retain: true });
  say(0, { topic: topics.roomStatus, payload: seen.room.published, qos: 1, retain: true });
  say(0, { topic: topics.settings, payload: settings, qos: 1, retain: true });
  const detector = openMotionDetector(config.motion.detector, motionRule(settings, config.motion.masks));
  try {
    const rule = roomRule(config.room, settings, config.camera.warmup_seconds);
    await watchRoom<Picture>(
      {
        inputs: inputs(),
        detector,
        rule: () => rule,
        newId: createCountedIds(),
        perform: (effects, image) =>
          performEffects(effects, image, { topics, publish: (message) => say(seen.at, message), takeSnapshot }),
        observe,
        handleCameraEvent: (event) => gauge.handleCameraEvent(event),
      },
      0,
    );
  } finally {
    detector.close();
  }
  const seconds = frames / clip.fps;
  say(seconds, { topic: topics.availability, payload: 'offline', qos: 1, retain: true });
  options.progress?.(1);

  const name = basename(options.clip);
  if (options.plot && folder !== undefined) {
    const truth = await truthBeside(options.clip, clip.fps);
    await folder.timeline(
      drawTimeline({ title: `${name} (${config.motion.detector})`, seconds, points, snapshots: snapshotsAt, truth }),
    );
  }
  return describeReport(name, frames, seconds, report.visits(seconds));
}

function timelinePoint({ at, judgement = calm }: Observation, said: RoomStatus): TimelinePoint {
  const { changed, rejected = 0, threshold, moving, present, suppressed } = judgement;
  const { status, motion } = said;
  return { at, level: changed, rejected, threshold, moving, present, suppressed, status, motion };
}

async function truthBeside(clip: string, fps: number) {
  const csv = await readFile(join(dirname(clip), 'frames.csv'), 'utf8').catch(() => undefined);
  return csv === undefined ? undefined : readTruth(csv, fps);
}
