import { timelineColumns } from '../adapters/svg/timeline.js';
import { createDetectorHealth } from '../detector/health.js';
import type { CameraEvent } from '../domain/camera/camera-event.js';
import type { Health } from '../domain/contract/payloads.js';
import { createReplayReport, type ReportedVisit } from '../domain/replay/report.js';
import { createTimelinePoints, timelinePoint, type TimelinePoint } from '../domain/replay/timeline-points.js';
import type { LookOutcome } from '../domain/recognition/look-outcome.js';
import type { Observation } from '../domain/room/observation.js';
import { version } from '../version.js';

/** Seconds of the clip between two health messages, as of a running detector. */
const healthSeconds = 30;

/** Collects what a replay reports about its clip. */
export type ReplayRecorder = {
  /** Records an analysed frame; returns the health message that is due with it, if any. */
  observe(observation: Observation): Health | undefined;
  handleCameraEvent(event: CameraEvent<unknown>): void;
  snapshotTaken(at: number): void;
  lookFinished(outcome: LookOutcome): void;
  /** the frame analysed last, and the room after it */
  readonly last: Observation;
  readonly snapshotsAt: readonly number[];
  readonly looks: readonly LookOutcome[];
  points(): readonly TimelinePoint[];
  /** @param seconds the end of the clip */
  visits(seconds: number): readonly ReportedVisit[];
};

/** Starts with a room that no frame has reached yet; from its time on, the seconds of the clip are counted. */
export function createReplayRecorder(name: string, first: Observation): ReplayRecorder {
  const beganAt = first.at;
  const report = createReplayReport();
  const timeline = createTimelinePoints(timelineColumns);
  const snapshotsAt: number[] = [];
  const looks: LookOutcome[] = [];
  let last = first;
  let healthDueAt = beganAt + healthSeconds;
  const health = createDetectorHealth({
    room: name,
    version,
    beganAt,
    outbox: { size: 0 },
    snapshots: {
      get count() {
        return snapshotsAt.length;
      },
    },
    mqtt: { connected: true, reconnects: 0, trouble: undefined, troubleSince: 0 },
    disk: { trouble: undefined, troubleSince: 0 },
    recognition: undefined,
    publisher: {
      get status() {
        return last.room.published;
      },
    },
  });

  return {
    observe(observation) {
      last = observation;
      const { at, room } = observation;
      health.recordObservation(observation);
      report.status(at - beganAt, room.published);
      timeline.add(timelinePoint({ ...observation, at: at - beganAt }));
      if (at < healthDueAt) return undefined;
      healthDueAt += healthSeconds;
      return health.read(at);
    },
    handleCameraEvent: health.handleCameraEvent,
    snapshotTaken(at) {
      report.snapshot();
      snapshotsAt.push(at - beganAt);
    },
    lookFinished: (outcome) => void looks.push({ ...outcome, at: outcome.at - beganAt }),
    looks,
    get last() {
      return last;
    },
    snapshotsAt,
    points: timeline.list,
    visits: report.visits,
  };
}
