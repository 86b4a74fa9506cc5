/** Some pixels of a picture, in the order of their position: a loop that concerns few pixels then visits only those. */
export type PixelList = { readonly pixels: Int32Array; count: number };

/** An empty list with room for every pixel of a picture. */
export function createPixelList(size: number): PixelList {
  return { pixels: new Int32Array(size), count: 0 };
}
