import { createRandom } from './random.js';

/** A fault of the running system, or a request to it; `seconds` is how long it lasts. */
export type Fault = {
  readonly kind: (typeof weights)[number][0];
  /** pause before the next fault */
  readonly pauseSeconds: number;
  readonly seconds: number;
  /** from 0 to 1: chooses the process it happens to, or the variant */
  readonly choice: number;
};

const weights = [
  ['request_snapshot', 60],
  ['kill_detector', 4],
  ['kill_uploader', 9],
  ['stop_uploader', 3],
  ['kill_broker', 4],
  ['broker_loses_sessions', 2],
  ['cut_mqtt', 8],
  ['cut_http', 8],
  ['dropbox_fault', 16],
  ['full_detector_disk', 2],
  ['full_uploader_disk', 3],
  ['clock_jump', 4],
  ['move_detector', 2],
  ['change_secret', 2],
  ['forgery', 6],
  ['broken_transfer', 5],
  ['damage_detector_file', 5],
  ['damage_uploader_file', 3],
  ['damage_picture', 2],
  ['rename_room', 2],
  ['swallow_pubacks', 2],
  ['refuse_subscriptions', 2],
  ['deny_topics', 3],
  ['burst', 2],
  ['freeze_uploader', 3],
  ['block_base_path', 2],
] as const;

/** The faults of a seed: the same seed and count give the same schedule. */
export function schedule(seed: number, count: number): Fault[] {
  const random = createRandom(seed);
  const kinds = weights.flatMap(([kind, weight]) => Array.from({ length: weight }, () => kind));
  return Array.from({ length: count }, () => ({
    kind: random.pick(kinds),
    pauseSeconds: random.between(0.05, 0.45),
    seconds: random.between(0, 1.5),
    choice: random.next(),
  }));
}
