/** Brightness is kept in eighths of a grey level (fixed point), so that blurring a dark frame loses nothing. */
export const UNITS_PER_LEVEL = 8;
/** Added to every brightness: near black, a ratio of two brightnesses would be a ratio of noise. */
const LIFT = 4 * UNITS_PER_LEVEL;
const MAX_BRIGHTNESS = 255 * UNITS_PER_LEVEL + LIFT;

/** A frame made comparable: the blurred `brightness` of each pixel and the mean of its surroundings, both in 1/8 grey level. */
export type LevelledPicture = { readonly brightness: Uint16Array; readonly localMean: Uint16Array };

/** An empty picture of `size` pixels, to be filled by a leveller. */
export function createLevelledPicture(size: number): LevelledPicture {
  return { brightness: new Uint16Array(size), localMean: new Uint16Array(size) };
}

/** The grey level (0 to 255, not rounded) of a brightness. */
export function greyLevelOf(brightness: number): number {
  return Math.max(0, Math.min(255, (brightness - LIFT) / UNITS_PER_LEVEL));
}

const inverseRoot = Float32Array.from({ length: MAX_BRIGHTNESS + 1 }, (_, value) => 1 / Math.sqrt(Math.max(1, value)));

/**
 * Difference of two pixels after both surroundings are scaled to the same brightness, in 1/8 grey level. A lamp scales a
 * pixel and its surroundings alike and leaves no difference; an object of another texture does.
 * Divided by the root of the gain, because camera noise grows with it.
 */
export function levelledDifference(
  brightness: number,
  localMean: number,
  otherBrightness: number,
  otherMean: number,
): number {
  return (
    Math.abs(brightness * otherMean - otherBrightness * localMean) * inverseRoot[localMean]! * inverseRoot[otherMean]!
  );
}

/** 1-2-1 blur in both directions: halves the noise of sensor and compression before anything is compared. */
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

/** Adds the row that starts at `enters` to the column sums and subtracts the row at `leaves`; -1 = no row. */
function slideRows(brightness: Uint16Array, enters: number, leaves: number, sums: Int32Array): void {
  const width = sums.length;
  if (enters >= 0 && leaves >= 0)
    for (let x = 0; x < width; x++) sums[x]! += brightness[enters + x]! - brightness[leaves + x]!;
  else if (enters >= 0) for (let x = 0; x < width; x++) sums[x]! += brightness[enters + x]!;
  else if (leaves >= 0) for (let x = 0; x < width; x++) sums[x]! -= brightness[leaves + x]!;
}

/** Writes the means of one row, made from its column sums; the surroundings are cut off at the edge of the frame. */
function averageRow(
  sums: Int32Array,
  radius: number,
  inverseWidths: Float64Array,
  inverseHeight: number,
  into: Uint16Array,
  start: number,
): void {
  const whole = sums.length - radius;
  let sum = 0;
  for (let x = 0; x < radius; x++) sum += sums[x]!;
  for (let x = 0; x < radius; x++) {
    sum += sums[x + radius]!;
    into[start + x] = sum * inverseWidths[x]! * inverseHeight;
  }
  for (let x = radius; x < whole; x++) {
    sum += sums[x + radius]!;
    into[start + x] = sum * inverseWidths[x]! * inverseHeight;
    sum -= sums[x - radius]!;
  }
  for (let x = whole; x < sums.length; x++) {
    into[start + x] = sum * inverseWidths[x]! * inverseHeight;
    sum -= sums[x - radius]!;
  }
}

/** Levels pictures of one size; the surroundings of a pixel reach `radius` pixels in each direction, less than half the width. */
export function createLeveller(width: number, height: number, radius: number) {
  const sums = new Int32Array(width);
  const inverseWidths = Float64Array.from(
    { length: width },
    (_, x) => 1 / (Math.min(width, x + radius + 1) - Math.max(0, x - radius)),
  );

  function averageSurroundings(brightness: Uint16Array, into: Uint16Array): void {
    sums.fill(0);
    for (let y = 0; y < Math.min(radius, height); y++) slideRows(brightness, y * width, -1, sums);
    for (let y = 0; y < height; y++) {
      const enters = y + radius < height ? (y + radius) * width : -1;
      const leaves = y > radius ? (y - radius - 1) * width : -1;
      slideRows(brightness, enters, leaves, sums);
      const inverseHeight = 1 / (Math.min(height - 1, y + radius) - Math.max(0, y - radius) + 1);
      averageRow(sums, radius, inverseWidths, inverseHeight, into, y * width);
    }
  }

  return (pixels: Uint8Array, into: LevelledPicture): void => {
    blur(pixels, width, height, into.brightness);
    averageSurroundings(into.brightness, into.localMean);
  };
}
