import type { Gray } from '../motion/judgement.js';
import type { Look } from '../recognition/detection.js';
import type { LookOrder } from '../recognition/look-schedule.js';
import { type BufferedFrame, createPackedFrames, type Packer } from './packed-frames.js';

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

/** @param limits `seconds` bounds the age of the oldest frame, `bytes` the compressed frames together */
export function createFrameBuffer(
  limits: { readonly stepSeconds: number; readonly seconds: number; readonly bytes: number },
  packer: Packer,
): FrameBuffer {
  const frames = createPackedFrames(packer);
  let looks: BufferedLook[] = [];
  let firstAt: number | undefined;
  let seenAt = -Infinity;
  const clear = () => {
    frames.clear();
    looks = [];
    firstAt = undefined;
  };
  return {
    record(at, gray) {
      seenAt = at;
      const last = frames.newest;
      if (last !== undefined && at < last.at) clear();
      else if (last !== undefined && at - last.at < limits.stepSeconds) return;
      const picture = gray();
      if (picture === undefined) return;
      if (last !== undefined && (last.gray.width !== picture.width || last.gray.height !== picture.height)) clear();
      frames.add(at, picture);
      frames.dropUntil(at - limits.seconds);
      while (frames.bytes > limits.bytes) frames.dropOldest();
      firstAt = Math.max(firstAt ?? at, at - limits.seconds);
      while (looks.length > 0 && looks[0]!.order.at < firstAt) looks.shift();
    },
    recordLook({ order, look }) {
      if (firstAt === undefined || order.at < firstAt) return;
      const kept = look && { ...look, detections: look.detections.slice(0, most.detections) };
      looks.push({ answeredAt: Math.max(seenAt, order.at), order, look: kept });
      if (looks.length > most.looks) looks.shift();
    },
    frames: () => frames.unpacked().filter(({ at }) => at >= seenAt - limits.seconds),
    looks: () => looks,
    newest: () => frames.newest?.gray,
    clear,
  };
}
