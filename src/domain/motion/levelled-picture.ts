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

/** 1-2-1 blur both ways: takes sensor and compression noise down by half before anything is compared. */
function blur(pixels: Uint8Array, width: number, height: number, into: Uint16Array): void {
  for (let y = 0; y < height; y++) {
    const start = y * width;
    const end = start + width - 1;
    let above = y > 0 ? start - width : start;
    let below = y < height - 1 ? start + width : start;
    let now = pixels[above]! + 2 * pixels[start]! + pixels[below]!;
    let before = now;
    for (let p = start; p < end; p++) {
      const next = pixels[++above]! + 2 * pixels[p + 1]! + pixels[++below]!;
      into[p] = LIFT + ((before + 2 * now + next) >> 1);
      before = now;
      now = next;
    }
    into[end] = LIFT + ((before + 3 * now) >> 1);
  }
}

/** Adds the row that begins at `enters` to the sums of each column and takes the one at `leaves` away; -1 is none. */
function slide(level: Uint16Array, enters: number, leaves: number, sums: Int32Array): void {
  const width = sums.length;
  if (enters >= 0 && leaves >= 0) for (let x = 0; x < width; x++) sums[x]! += level[enters + x]! - level[leaves + x]!;
  else if (enters >= 0) for (let x = 0; x < width; x++) sums[x]! += level[enters + x]!;
  else if (leaves >= 0) for (let x = 0; x < width; x++) sums[x]! -= level[leaves + x]!;
}

/** Means of a row by the sums of its columns; the frame's edge cuts the surroundings off. */
function average(
  sums: Int32Array,
  radius: number,
  inverseWide: Float64Array,
  inverseTall: number,
  into: Uint16Array,
  start: number,
): void {
  const whole = sums.length - radius;
  let sum = 0;
  for (let x = 0; x < radius; x++) sum += sums[x]!;
  for (let x = 0; x < radius; x++) {
    sum += sums[x + radius]!;
    into[start + x] = sum * inverseWide[x]! * inverseTall;
  }
  for (let x = radius; x < whole; x++) {
    sum += sums[x + radius]!;
    into[start + x] = sum * inverseWide[x]! * inverseTall;
    sum -= sums[x - radius]!;
  }
  for (let x = whole; x < sums.length; x++) {
    into[start + x] = sum * inverseWide[x]! * inverseTall;
    sum -= sums[x - radius]!;
  }
}

/** Prepares pictures of one size; surroundings reach `radius` pixels each way, less than half of it. */
export function createPainter(width: number, height: number, radius: number) {
  const sums = new Int32Array(width);
  const inverseWide = Float64Array.from(
    { length: width },
    (_, x) => 1 / (Math.min(width, x + radius + 1) - Math.max(0, x - radius)),
  );

  function surround(level: Uint16Array, into: Uint16Array): void {
    sums.fill(0);
    for (let y = 0; y < Math.min(radius, height); y++) slide(level, y * width, -1, sums);
    for (let y = 0; y < height; y++) {
      const enters = y + radius < height ? (y + radius) * width : -1;
      const leaves = y > radius ? (y - radius - 1) * width : -1;
      slide(level, enters, leaves, sums);
      const inverseTall = 1 / (Math.min(height - 1, y + radius) - Math.max(0, y - radius) + 1);
      average(sums, radius, inverseWide, inverseTall, into, y * width);
    }
  }

  return (pixels: Uint8Array, into: Picture): void => {
    blur(pixels, width, height, into.level);
    surround(into.level, into.mean);
  };
}
