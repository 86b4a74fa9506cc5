import type { Gray } from '../motion/judgement.js';

/** One small gray picture as it was judged; `at` is its time in seconds. */
export type BufferedFrame = { readonly at: number; readonly gray: Gray };

/** The newest small gray pictures, kept so that the last minutes can be judged again. */
export type FrameBuffer = {
  /** Stores a copy if the frame before is at least `stepSeconds` older; only then calls `gray`. */
  record(at: number, gray: () => Gray | undefined): void;
  /** oldest first */
  frames(): readonly BufferedFrame[];
  newest(): Gray | undefined;
  /** Frees the memory. */
  clear(): void;
};

/** @param limits `seconds` bounds the age of the oldest frame, `bytes` the pixels of all frames together */
export function createFrameBuffer(limits: {
  readonly stepSeconds: number;
  readonly seconds: number;
  readonly bytes: number;
}): FrameBuffer {
  let frames: BufferedFrame[] = [];
  let bytes = 0;
  const dropFirst = () => (bytes -= frames.shift()?.gray.pixels.length ?? 0);
  const clear = () => {
    frames = [];
    bytes = 0;
  };
  return {
    record(at, gray) {
      const last = frames.at(-1);
      if (last !== undefined && at < last.at) clear();
      else if (last !== undefined && at - last.at < limits.stepSeconds) return;
      const picture = gray();
      if (picture === undefined) return;
      if (last !== undefined && (last.gray.width !== picture.width || last.gray.height !== picture.height)) clear();
      frames.push({ at, gray: { ...picture, pixels: new Uint8Array(picture.pixels) } });
      bytes += picture.pixels.length;
      while (bytes > limits.bytes || at - (frames[0]?.at ?? at) > limits.seconds) dropFirst();
    },
    frames: () => frames,
    newest: () => frames.at(-1)?.gray,
    clear,
  };
}
