/**
 * Seconds between two frames that the adaptive detector analyses, a little less than a fifth so that a jitter of the
 * frame times leaves none out. Frames between carry the last judgement, so differences mean the same at any frame rate.
 */
export const ANALYSIS_SECONDS = 0.19;

/** Pixels across the gray picture that is analysed, about: each pixel is the mean of a whole number of the frame's. */
export const ANALYSIS_WIDTH = 160;
