import type { Gray } from '../motion/judgement.js';

/** One small gray picture as it was judged; `at` is its time in seconds. */
export type BufferedFrame = { readonly at: number; readonly gray: Gray };

/** Compresses bytes without loss, and back. */
export type Packer = {
  pack(bytes: Uint8Array): Uint8Array;
  unpack(bytes: Uint8Array): Uint8Array;
};

/** Small gray pictures of one size, compressed: in a quiet room, two minutes of them take less than 1 MB instead of 12. */
export type PackedFrames = {
  add(at: number, gray: Gray): void;
  /** Removes the oldest frames, in groups of some seconds, of which none is newer than `at`. */
  dropUntil(at: number): void;
  /** Removes the oldest group of frames. */
  dropOldest(): void;
  clear(): void;
  /** oldest first */
  unpacked(): BufferedFrame[];
  /** the newest frame, as it is */
  readonly newest: BufferedFrame | undefined;
  /** of the compressed frames together */
  readonly bytes: number;
};

type Packed = { readonly at: number; readonly bytes: Uint8Array };

/** A frame is stored as its difference from the one before, and the first of a group as it is. */
const groupSize = 25;

/** Starts empty. */
export function createPackedFrames({ pack, unpack }: Packer): PackedFrames {
  let groups: Packed[][] = [];
  let newest: BufferedFrame | undefined;
  let bytes = 0;

  const dropOldest = () => {
    for (const frame of groups.shift() ?? []) bytes -= frame.bytes.length;
    if (groups.length === 0) newest = undefined;
  };
  const unpackGroup = (group: readonly Packed[], { width, height }: Gray): BufferedFrame[] => {
    let pixels = new Uint8Array(width * height);
    return group.map(({ at, bytes: packed }) => {
      pixels = plus(unpack(packed), pixels);
      return { at, gray: { width, height, pixels } };
    });
  };
  return {
    add(at, gray) {
      const open = groups.at(-1);
      const isFirst = newest === undefined || open === undefined || open.length >= groupSize;
      const packed = { at, bytes: pack(isFirst ? gray.pixels : minus(gray.pixels, newest!.gray.pixels)) };
      if (isFirst) groups.push([packed]);
      else open.push(packed);
      newest = { at, gray: { ...gray, pixels: new Uint8Array(gray.pixels) } };
      bytes += packed.bytes.length;
    },
    dropUntil(at) {
      while ((groups[0]?.at(-1)?.at ?? Infinity) <= at) dropOldest();
    },
    dropOldest,
    clear() {
      groups = [];
      newest = undefined;
      bytes = 0;
    },
    unpacked: () => (newest === undefined ? [] : groups.flatMap((group) => unpackGroup(group, newest!.gray))),
    get newest() {
      return newest;
    },
    get bytes() {
      return bytes;
    },
  };
}

/** A pause between two frames that is longer than this is a gap: a camera may deliver one frame a second. */
const gapSeconds = 3;

/** The times without frames between the first and the last. */
export function gapsIn(frames: readonly BufferedFrame[]): { from: number; to: number }[] {
  return frames.flatMap(({ at }, place) => {
    const before = frames[place - 1]?.at ?? at;
    return at - before > gapSeconds ? [{ from: before, to: at }] : [];
  });
}

/** The difference of two pictures of one size, modulo 256. */
function minus(one: Uint8Array, other: Uint8Array): Uint8Array {
  return one.map((value, place) => value - (other[place] ?? 0));
}

/** The sum of two pictures of one size, modulo 256. */
function plus(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(one, (value, place) => value + (other[place] ?? 0));
}
