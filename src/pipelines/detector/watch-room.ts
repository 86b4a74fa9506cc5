import type { CameraEvent } from '../../domain/camera/camera-event.js';
import type { MotionDetector } from '../../domain/motion/motion-detector.js';
import type { Observation } from '../../domain/room/observation.js';
import { initialRoom, step } from '../../domain/room/step.js';
import type { Effect, NewId, RoomInput, RoomRule } from '../../domain/room/state.js';

/** What reaches a running room from elsewhere than its camera. */
export type Control = Extract<RoomInput, { kind: 'rule_changed' | 'snapshot_requested' }>;

type Needs<Image> = {
  /** camera events and controls, merged; the image is on loan until the next input is requested */
  inputs: AsyncIterable<CameraEvent<Image> | Control>;
  detector: MotionDetector<Image>;
  /** the rule that applies now; a change is reported by `rule_changed` */
  rule(): RoomRule;
  newId: NewId;
  /** Performs the effects in order; may wait for the disk while a snapshot is taken, never for the broker. */
  perform(effects: readonly Effect[], image: Image | undefined): Promise<void>;
  /** Receives every frame once it is analysed (or passed over while disarmed); must be cheap. */
  observe(observation: Observation, image: Image): void;
  /** Receives every camera event before the room does. */
  handleCameraEvent(event: CameraEvent<Image>): void;
};

/** Watches one room until its inputs end. The room starts as `initialRoom(beganAt)`. */
export async function watchRoom<Image>(needs: Needs<Image>, beganAt: number): Promise<void> {
  const { detector, newId } = needs;
  let room = initialRoom(beganAt, needs.rule());

  for await (const input of needs.inputs) {
    const rule = needs.rule();
    if (isCameraEvent(input)) needs.handleCameraEvent(input);
    if (input.kind !== 'frame') {
      if (endsScene(input, rule)) detector.reset();
      const [next, effects] = step(room, input, rule, newId);
      room = next;
      if (effects.length > 0) await needs.perform(effects, undefined);
      continue;
    }
    const { at, image } = input;
    const judgement = rule.armed ? detector.judge(image, at, room.published.status === 'occupied') : undefined;
    const [next, effects] = step(room, { kind: 'frame', at, judgement }, rule, newId);
    room = next;
    needs.observe({ at, judgement, room }, image);
    if (effects.length > 0) await needs.perform(effects, image);
  }
}

function isCameraEvent<Image>(input: CameraEvent<Image> | Control): input is CameraEvent<Image> {
  return input.kind !== 'rule_changed' && input.kind !== 'snapshot_requested';
}

/** Whether what the detector has learned no longer holds: the camera may have moved, or nothing was analysed meanwhile. */
function endsScene({ kind }: RoomInput, rule: RoomRule): boolean {
  return kind === 'opened' || (kind !== 'snapshot_requested' && !rule.armed);
}
