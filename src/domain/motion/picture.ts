/** Fixed point: pictures are kept in eighths of a grey level, so that blurring does not lose what a dark frame has left. */
export const UNITS = 8;
/** Lifts black off zero: a ratio of brightnesses near black would be a ratio of noise. */
const LIFT = 4 * UNITS;
/** The byte a level came from. */
export function byteOf(level: number): number {
  return Math.max(0, Math.min(255, Math.round((level - LIFT) / UNITS)));
}
const TOP = 255 * UNITS + LIFT;

/** A frame made comparable: `level` is the blurred brightness, `mean` that of its surroundings, both in 1/8 grey level. */
export type Picture = { readonly level: Uint16Array; readonly mean: Uint16Array };

/** A black picture of so many pixels, to be painted over. */
export function createPicture(size: number): Picture {
  return { level: new Uint16Array(size), mean: new Uint16Array(size) };
}

const inverseRoot = Float32Array.from({ length: TOP + 1 }, (_, value) => 1 / Math.sqrt(Math.max(1, value)));

/**
 * Difference of two pixels after the surroundings of both were brought to the same brightness, in 1/8 grey level:
 * a lamp scales a pixel and its surroundings alike and leaves nothing here; a thing of another texture does.
 * Divided by the root of the gain, since camera noise grows with it.
 */
export function levelled(level: number, mean: number, otherLevel: number, otherMean: number): number {
  return Math.abs(level * otherMean - otherLevel * mean) * inverseRoot[mean]! * inverseRoot[otherMean]!;
}

/** Prepares pictures of one size; surroundings reach `radius` pixels each way. */
export function createPainter(width: number, height: number, radius: number) {
  const rows = new Uint16Array(width * height);
  const sums = new Int32Array(width);
  const line = new Int32Array(width + 1);
  const lefts = Int32Array.from({ length: width }, (_, x) => Math.max(0, x - radius));
  const rights = Int32Array.from({ length: width }, (_, x) => Math.min(width, x + radius + 1));
  // From `inner` on up to `outer` the surroundings are whole.
  const inner = Math.min(radius, width);
  const outer = Math.max(inner, width - radius);
  const inverseInner = 1 / (2 * radius + 1);
  const inverseWide = Float64Array.from({ length: width }, (_, x) => 1 / (rights[x]! - lefts[x]!));

  /** 1-2-1 blur both ways: takes sensor and compression noise down by half before anything is compared. */
  function blur(pixels: Uint8Array, into: Uint16Array): void {
    for (let y = 0; y < height; y++) {
      const start = y * width;
      const end = start + width - 1;
      rows[start] = 3 * pixels[start]! + pixels[start + 1]!;
      for (let p = start + 1; p < end; p++) rows[p] = pixels[p - 1]! + 2 * pixels[p]! + pixels[p + 1]!;
      rows[end] = 3 * pixels[end]! + pixels[end - 1]!;
    }
    for (let y = 0; y < height; y++) {
      const up = y > 0 ? -width : 0;
      const down = y < height - 1 ? width : 0;
      const end = (y + 1) * width;
      for (let p = y * width; p < end; p++) into[p] = LIFT + ((rows[p + up]! + 2 * rows[p]! + rows[p + down]!) >> 1);
    }
  }

  function surround(level: Uint16Array, into: Uint16Array): void {
    sums.fill(0);
    for (let y = 0; y < Math.min(radius, height); y++) addRow(level, y, 1);
    for (let y = 0; y < height; y++) {
      if (y + radius < height) addRow(level, y + radius, 1);
      if (y - radius - 1 >= 0) addRow(level, y - radius - 1, -1);
      const inverseTall = 1 / (Math.min(height - 1, y + radius) - Math.max(0, y - radius) + 1);
      for (let x = 0, sum = 0; x < width; x++) line[x + 1] = sum += sums[x]!;
      const start = y * width;
      for (let x = 0; x < inner; x++) into[start + x] = meanAt(x, inverseTall);
      for (let x = inner, far = inner + radius + 1, near = inner - radius; x < outer; x++, far++, near++)
        into[start + x] = (line[far]! - line[near]!) * inverseInner * inverseTall;
      for (let x = outer; x < width; x++) into[start + x] = meanAt(x, inverseTall);
    }
  }

  function meanAt(x: number, inverseTall: number): number {
    return (line[rights[x]!]! - line[lefts[x]!]!) * inverseWide[x]! * inverseTall;
  }

  function addRow(level: Uint16Array, y: number, sign: number): void {
    const start = y * width;
    for (let x = 0; x < width; x++) sums[x] = sums[x]! + sign * level[start + x]!;
  }

  return (pixels: Uint8Array, into: Picture): void => {
    blur(pixels, into.level);
    surround(into.level, into.mean);
  };
}
