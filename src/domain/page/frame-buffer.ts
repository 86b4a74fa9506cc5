import type { Gray } from '../motion/judgement.js';

/** One picture as it was judged. */
export type BufferedFrame = { readonly at: number; readonly gray: Gray };

/** The newest small pictures, to judge the last minutes once more. */
export type FrameBuffer = {
  /** Keeps a copy where the frame before is at least `stepSeconds` older. */
  record(at: number, gray: () => Gray | undefined): void;
  frames(): readonly BufferedFrame[];
  newest(): Gray | undefined;
  /** Lets go of everything. */
  clear(): void;
};

/** @param limits `bytes` bounds the pixels held, whatever the size of a picture is */
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
