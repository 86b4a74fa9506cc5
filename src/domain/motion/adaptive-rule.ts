/** How sensitive the adaptive detector is, and where it detects. */
export type AdaptiveRule = {
  /** Grey levels, 5 by default; a larger value is less sensitive. */
  readonly deltaThresh: number;
  /** Square pixels in a frame 500 px wide, 5000 by default; a larger value is less sensitive. */
  readonly minArea: number;
  /** 1 = detect here, 0 = ignore; one byte for each pixel of the gray picture. A mask of another size is not used. */
  readonly mask?: Uint8Array;
};
