import { createRandom } from './random.js';

/** Something that happens to the running system; `seconds` is how long it lasts. */
export type Mishap = {
  readonly kind: (typeof weights)[number][0];
  /** before the next one */
  readonly pauseSeconds: number;
  readonly seconds: number;
  /** one of several things it can happen to or how, from 0 up to 1 */
  readonly lot: number;
};

const weights = [
  ['ask_snapshot', 60],
  ['kill_detector', 4],
  ['kill_uploader', 9],
  ['stop_uploader', 3],
  ['kill_broker', 4],
  ['forget_broker', 2],
  ['cut_mqtt', 8],
  ['cut_http', 8],
  ['dropbox_fault', 16],
  ['full_detector_disk', 2],
  ['full_uploader_disk', 3],
  ['clock_jump', 4],
] as const;

/** The mishaps of a seed: the same seed and count, the same schedule. */
export function schedule(seed: number, count: number): Mishap[] {
  const random = createRandom(seed);
  const kinds = weights.flatMap(([kind, weight]) => Array.from({ length: weight }, () => kind));
  return Array.from({ length: count }, () => ({
    kind: random.pick(kinds),
    pauseSeconds: random.between(0.05, 0.45),
    seconds: random.between(0, 1.5),
    lot: random.next(),
  }));
}
