import type { Gray } from '../motion/judgement.js';
import type { Look } from '../recognition/detection.js';
import type { LookOrder } from '../recognition/look-schedule.js';

/** One small gray picture as it was judged; `at` is its time in seconds. */
export type BufferedFrame = { readonly at: number; readonly gray: Gray };

/** The answer of a look, as it came; `answeredAt` is the time of the frame before it, in seconds. */
export type BufferedLook = {
  readonly answeredAt: number;
  readonly order: LookOrder;
  readonly look: Look | undefined;
};

/** The newest small gray pictures and what the looks found in them, kept so that the last minutes can be judged again. */
export type FrameBuffer = {
  /** Stores a copy if the frame before is at least `stepSeconds` older; only then calls `gray`. */
  record(at: number, gray: () => Gray | undefined): void;
  /** Stores the answer of a look, if the buffer has its frame's time. */
  recordLook(answer: Pick<BufferedLook, 'order' | 'look'>): void;
  /** oldest first */
  frames(): readonly BufferedFrame[];
  /** in the order of the answers */
  looks(): readonly BufferedLook[];
  newest(): Gray | undefined;
  /** Frees the memory. */
  clear(): void;
};

/** A look finds less; a recording of two minutes has fewer looks. */
const most = { detections: 32, looks: 600 };

/** @param limits `seconds` bounds the age of the oldest frame, `bytes` the pixels of all frames together */
export function createFrameBuffer(limits: {
  readonly stepSeconds: number;
  readonly seconds: number;
  readonly bytes: number;
}): FrameBuffer {
  let frames: BufferedFrame[] = [];
  let looks: BufferedLook[] = [];
  let bytes = 0;
  let seenAt = -Infinity;
  const dropFirst = () => (bytes -= frames.shift()?.gray.pixels.length ?? 0);
  const clear = () => {
    frames = [];
    looks = [];
    bytes = 0;
  };
  return {
    record(at, gray) {
      seenAt = at;
      const last = frames.at(-1);
      if (last !== undefined && at < last.at) clear();
      else if (last !== undefined && at - last.at < limits.stepSeconds) return;
      const picture = gray();
      if (picture === undefined) return;
      if (last !== undefined && (last.gray.width !== picture.width || last.gray.height !== picture.height)) clear();
      frames.push({ at, gray: { ...picture, pixels: new Uint8Array(picture.pixels) } });
      bytes += picture.pixels.length;
      while (bytes > limits.bytes || at - (frames[0]?.at ?? at) > limits.seconds) dropFirst();
      while (looks.length > 0 && looks[0]!.order.at < frames[0]!.at) looks.shift();
    },
    recordLook({ order, look }) {
      const first = frames[0];
      if (first === undefined || order.at < first.at) return;
      const kept = look && { ...look, detections: look.detections.slice(0, most.detections) };
      looks.push({ answeredAt: Math.max(seenAt, order.at), order, look: kept });
      if (looks.length > most.looks) looks.shift();
    },
    frames: () => frames,
    looks: () => looks,
    newest: () => frames.at(-1)?.gray,
    clear,
  };
}
