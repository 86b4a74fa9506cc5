/** The brightness of a picture as the camera sent it: `height` rows of `width` bytes, each at a multiple of `stride`. */
export type Plane = {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly stride: number;
};

/**
 * A picture that stays the same bit for bit for this long is frozen: a sensor has noise, and even a stream whose noise is
 * removed changes a little at each key frame, which come at least once a minute.
 */
export const FROZEN_SECONDS = 120;
/** A new picture to compare with is copied after this time at the earliest, so that copying costs nothing. */
const COPY_SECONDS = 5;
/**
 * In the dark a camera may send the same black for hours, since noise removal and the black level leave nothing else. So only a
 * picture counts of which this share is at least this bright: there, noise cannot be hidden.
 */
const LIT = { share: 0.1, level: 48 };

function isSame(one: Plane, other: Plane): boolean {
  if (one.width !== other.width || one.height !== other.height) return false;
  for (let y = 0; y < one.height; y++) {
    const row = one.bytes.subarray(y * one.stride, y * one.stride + one.width);
    if (Buffer.compare(row, other.bytes.subarray(y * other.stride, y * other.stride + other.width)) !== 0) return false;
  }
  return true;
}

function isLit({ bytes, width, height, stride }: Plane): boolean {
  let lit = 0;
  for (let y = 0; y < height; y++)
    for (let p = y * stride, end = p + width; p < end; p++) lit += Number(bytes[p]! >= LIT.level);
  return lit >= LIT.share * width * height;
}

/** Receives every picture of a camera, and says whether it has been frozen for a while. `at` is in seconds. */
export function createFreezeWatcher(): (plane: Plane, at: number) => boolean {
  let known: { readonly plane: Plane; readonly at: number; lit: boolean | undefined } | undefined;
  let copiedAt = -Infinity;
  return (plane, at) => {
    if (known !== undefined && at >= known.at && isSame(plane, known.plane)) {
      if (at - known.at < FROZEN_SECONDS) return false;
      known.lit ??= isLit(plane);
      return known.lit;
    }
    known = undefined;
    if (at - copiedAt < COPY_SECONDS && at >= copiedAt) return false;
    copiedAt = at;
    // Not `slice`: that of a Buffer copies nothing, and the picture is on loan.
    known = { plane: { ...plane, bytes: new Uint8Array(plane.bytes) }, at, lit: undefined };
    return false;
  };
}
