import type { CameraEvent } from '../../domain/camera/camera-event.js';
import type { Judgement } from '../../domain/motion/judgement.js';
import type { MotionDetector } from '../../domain/motion/motion-detector.js';
import { clockJump } from '../../domain/room/clock-change.js';
import type { Observation } from '../../domain/room/observation.js';
import { motionWhereabouts } from '../../domain/zones/whereabouts.js';
import { initialRoom, step } from '../../domain/room/step.js';
import { keepHeldSnapshot } from '../../domain/room/take-snapshots.js';
import type { Effect, NewId, Room, RoomInput, RoomRule } from '../../domain/room/state.js';
import {
  createRecognitionLoop,
  type LookAnswer,
  type RecognisedFrame,
  type RecognitionLoop,
  type RecognitionNeeds,
} from './recognise.js';

/** What reaches a running room from elsewhere than its camera. */
export type Control = Extract<RoomInput, { kind: 'rule_changed' | 'snapshot_requested' }>;

/** An input of a room's loop. */
export type WatchInput<Image> = CameraEvent<Image> | Control | LookAnswer;

type Needs<Image> = {
  /** camera events, controls and the answers of looks, merged; the image is on loan until the next input is requested */
  inputs: AsyncIterable<WatchInput<Image>>;
  detector: MotionDetector<Image>;
  /** undefined where nothing is recognised: motion alone decides */
  recognition?: RecognitionNeeds<Image> | undefined;
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

/** If the camera is back within this time, the detector keeps what it has learned, as far as the picture still shows it. */
const rememberedSeconds = 600;

/** Watches one room until its inputs end. The room starts as `initialRoom(beganAt)`. */
export async function watchRoom<Image>(needs: Needs<Image>, beganAt: number): Promise<void> {
  const { detector, newId } = needs;
  const recognition = needs.recognition && createRecognitionLoop(needs.recognition, detector, beganAt);
  let room = initialRoom(beganAt, needs.rule());
  let lostAt: number | undefined;

  for await (const input of needs.inputs) {
    if (input.kind === 'looked') {
      recognition?.answered(input, room.published.status === 'occupied');
      continue;
    }
    const rule = needs.rule();
    if (isCameraEvent(input)) needs.handleCameraEvent(input);
    if (input.kind !== 'frame') {
      if (input.kind === 'resized') recognition?.resize(input);
      if (endsScene(input, rule)) {
        if (!(input.kind === 'opened' && lostAt !== undefined && input.at - lostAt < rememberedSeconds))
          detector.reset();
        recognition?.restart('at' in input ? input.at : beganAt, input.kind === 'opened' ? input : undefined);
      }
      if (input.kind === 'lost' || input.kind === 'frozen') lostAt ??= input.at;
      if (input.kind === 'opened' || input.kind === 'thawed') lostAt = undefined;
      const [next, effects] = step(room, input, rule, newId);
      room = next;
      if (effects.length > 0) await needs.perform(effects, undefined);
      continue;
    }
    const { at, image } = input;
    const seen = judge(detector, recognition, image, at, room, rule);
    const [next, effects] = step(room, { kind: 'frame', at, ...seen }, rule, newId);
    room = next;
    needs.observe({ at, judgement: seen.judgement, room }, image);
    if (effects.length > 0) await needs.perform(effects, image);
    // Last, so that no message waits while a part of the image is copied.
    if (seen.order !== undefined) needs.recognition?.beginLook(seen.order, image);
  }
  const [, unfinished] = keepHeldSnapshot(room);
  if (unfinished.length > 0) await needs.perform(unfinished, undefined);
}

type Seen = { readonly judgement: Judgement | undefined } & Partial<Omit<RecognisedFrame, 'judgement'>>;

function judge<Image>(
  detector: MotionDetector<Image>,
  recognition: RecognitionLoop | undefined,
  image: Image,
  at: number,
  room: Room,
  rule: RoomRule,
): Seen {
  if (!rule.armed || room.camera === 'frozen') return { judgement: undefined };
  const occupied = room.published.status === 'occupied';
  const judgement = detector.judge(image, at, occupied);
  if (recognition === undefined) {
    const where = rule.zones.length === 0 ? undefined : motionWhereabouts(judgement, detector.tracks(), at);
    return { judgement, where };
  }
  if (clockJump(room.lastFrameAt, at) !== 0) recognition.restart(at);
  return recognition.frame(judgement, at, occupied, rule);
}

function isCameraEvent<Image>(input: WatchInput<Image>): input is CameraEvent<Image> {
  return 'at' in input && input.kind !== 'rule_changed';
}

/** Whether what the detector has learned no longer holds: the camera may have moved, or nothing was analysed meanwhile. */
function endsScene({ kind }: RoomInput, rule: RoomRule): boolean {
  return kind === 'opened' || (kind !== 'snapshot_requested' && !rule.armed);
}
