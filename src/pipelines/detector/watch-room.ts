import type { CameraEvent } from '../../domain/camera/camera-event.js';
import type { MotionDetector } from '../../domain/motion/motion-detector.js';
import type { Observation } from '../../domain/room/observation.js';
import { step, initialRoom } from '../../domain/room/step.js';
import type { Effect, NewId, RoomRule } from '../../domain/room/state.js';

/** What reaches a running room from outside its camera. */
export type Control = { readonly kind: 'rule_changed'; readonly at: number } | { readonly kind: 'snapshot_asked' };

type Needs<Image> = {
  /** camera events and controls, merged; the image is on loan until the next one is asked for */
  inputs: AsyncIterable<CameraEvent<Image> | Control>;
  detector: MotionDetector<Image>;
  /** the rule as it is now; changes are told by `rule_changed` */
  rule(): RoomRule;
  newId: NewId;
  /** Hands the effects over, in order; may wait for the disk where a picture is taken, never for the broker. */
  perform(effects: readonly Effect[], image: Image | undefined): Promise<void>;
  /** Sees every frame that was judged, or let pass while disarmed; must be cheap. */
  observe(seen: Observation, image: Image): void;
  /** Learns what the camera says, before it is judged. */
  handleCameraEvent(event: CameraEvent<Image>): void;
};

/** Watches one room until its inputs end. The room it began with is `unseenRoom(beganAt)`. */
export async function watchRoom<Image>(needs: Needs<Image>, beganAt: number): Promise<void> {
  const { detector } = needs;
  let room = initialRoom(beganAt, needs.rule());
  let asked = false;

  for await (const input of needs.inputs) {
    if (input.kind === 'snapshot_asked') {
      asked = room.camera === 'open';
      continue;
    }
    const rule = needs.rule();
    if (input.kind !== 'rule_changed') needs.handleCameraEvent(input);
    if (input.kind !== 'frame') {
      if (input.kind === 'opened' || !rule.armed) detector.reset();
      if (input.kind === 'lost') asked = false;
      const [next, effects] = step(room, input, rule, needs.newId);
      room = next;
      await needs.perform(effects, undefined);
      continue;
    }
    const { at, image } = input;
    const judgement = rule.armed ? detector.judge(image, at, room.published.status === 'occupied') : undefined;
    const [next, effects] = step(room, { kind: 'frame', at, judgement, asked }, rule, needs.newId);
    room = next;
    asked = false;
    needs.observe({ at, judgement, room }, image);
    if (effects.length > 0) await needs.perform(effects, image);
  }
}
