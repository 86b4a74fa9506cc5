import { ANALYSIS_WIDTH } from '../../domain/motion/analysis.js';
import type { Gray } from '../../domain/motion/judgement.js';
import { videoAddon } from '../libav/addon.js';
import { openCv, type Mat } from './binding.js';
import type { Picture } from './picture.js';

/** A small picture, and the shares of the whole that it shows: a last column or row that fills no pixel is left out. */
export type Shrunk = { readonly gray: Gray; readonly seenWidth: number; readonly seenHeight: number };

/**
 * The picture in gray at about 160 px width, each pixel the mean of a whole number of pixels. Touches as little as can be:
 * the luma plane where there is one; else colour is halved before it is made gray, because that is OpenCV's fastest step.
 * @param into pixels that are needed no more; written over where they are as many as are wanted
 */
export function shrinkToGray(picture: Picture, into?: Uint8Array): Shrunk {
  const factor = factorFor(picture.width);
  const width = Math.floor(picture.width / factor);
  const height = Math.floor(picture.height / factor);
  const pixels = into?.length === width * height ? into : new Uint8Array(width * height);
  const luma = picture.luma();
  if (luma === undefined) meansOfColour(picture.bgr(), factor, pixels);
  else {
    const { bytes, stride, fullRange } = luma;
    videoAddon().blockMeans(bytes, picture.width, picture.height, stride, factor, !fullRange, pixels);
  }
  return {
    gray: { width, height, pixels },
    seenWidth: (width * factor) / picture.width,
    seenHeight: (height * factor) / picture.height,
  };
}

function meansOfColour(bgr: Mat, factor: number, into: Uint8Array): void {
  const cv = openCv();
  const [rows, cols] = [bgr.rows - (bgr.rows % factor), bgr.cols - (bgr.cols % factor)];
  const seen = bgr.getRegion(new cv.Rect(0, 0, cols, rows));
  const halves = factor % 2 === 0 ? 2 : 1;
  const colour = halves === 1 ? seen : seen.resize(rows / 2, cols / 2, 0, 0, cv.INTER_AREA);
  const gray = colour.cvtColor(cv.COLOR_BGR2GRAY);
  try {
    videoAddon().blockMeans(gray.getData(), gray.cols, gray.rows, gray.cols, factor / halves, false, into);
  } finally {
    for (const mat of new Set([seen, colour, gray])) mat.release();
  }
}

/** The judge's time goes with the pixels, so the nearest factor is cheaper than the nearest even one. */
function factorFor(width: number): number {
  return Math.max(1, Math.round(width / ANALYSIS_WIDTH));
}
