import type { CameraEvent } from '../camera/camera-event.js';
import type { Judgement } from '../motion/judgement.js';
import type { Health } from '../contract/payloads.js';

/** Seconds over which the frame rate is measured. */
const rateSeconds = 5;

/** Counts the frames and events of a room's camera, for health and metrics. Times are seconds since the Unix epoch. */
export type CameraHealthTracker = {
  handleCameraEvent(event: CameraEvent<unknown>): void;
  /** Counts one analysed frame; `warm` once the room's status is known. */
  recordFrame(at: number, judgement: Judgement | undefined, warm: boolean): void;
  health(at: number): CameraHealth;
};

/** The part of the health payload that comes from the camera and the motion detector. */
export type CameraHealth = Pick<
  Health,
  'camera' | 'fps' | 'frame_age_ms' | 'motion_level' | 'frames' | 'dropped_frames' | 'suppressed'
>;

/** Starts at zero, with a camera that is warming up. */
export function createCameraHealthTracker(): CameraHealthTracker {
  const suppressed: Record<string, number> = {};
  let camera: Health['camera'] = 'warming_up';
  let frozen = false;
  let frames = 0;
  let dropped = 0;
  let level = 0;
  let lastFrameAt: number | undefined;
  let fps = 0;
  let window = { since: 0, frames: 0 };

  const measureRate = (at: number) => {
    const seconds = at - window.since;
    if (seconds >= 0 && seconds < rateSeconds) return;
    fps = seconds > 0 && seconds < 2 * rateSeconds ? window.frames / seconds : 0;
    window = { since: at, frames: 0 };
  };

  return {
    handleCameraEvent(event) {
      if (event.kind === 'resized') return;
      frozen = event.kind === 'frozen' || (frozen && event.kind === 'frame');
      if (event.kind === 'frozen' || event.kind === 'thawed') return;
      if (event.kind === 'frame') {
        dropped += event.dropped;
        return;
      }
      camera = event.kind === 'opened' ? 'warming_up' : 'lost';
      level = 0;
      fps = 0;
      lastFrameAt = undefined;
      window = { since: event.at, frames: 0 };
    },
    recordFrame(at, judgement, warm) {
      measureRate(at);
      window.frames++;
      frames++;
      lastFrameAt = at;
      camera = frozen ? 'frozen' : warm ? 'ok' : 'warming_up';
      level = judgement?.changed ?? 0;
      const why = judgement?.suppressed;
      if (why !== undefined) suppressed[why] = (suppressed[why] ?? 0) + 1;
    },
    health(at) {
      const early = fps === 0 && at > window.since ? window.frames / (at - window.since) : fps;
      return {
        camera,
        fps: Math.round((camera === 'lost' ? 0 : early) * 10) / 10,
        frame_age_ms: lastFrameAt === undefined ? null : Math.max(0, Math.round((at - lastFrameAt) * 1000)),
        motion_level: Math.round(level * 10_000) / 10_000,
        frames,
        dropped_frames: dropped,
        suppressed: { ...suppressed },
      };
    },
  };
}
