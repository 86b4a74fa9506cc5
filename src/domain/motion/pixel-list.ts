/** Some of the pixels of a picture, from the top left on; for what few pixels have, so that only those are visited. */
export type PixelList = { readonly pixels: Int32Array; count: number };

/** An empty list with room for every pixel of a picture. */
export function createPixelList(size: number): PixelList {
  return { pixels: new Int32Array(size), count: 0 };
}
