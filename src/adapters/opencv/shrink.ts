import { ANALYSIS_WIDTH } from '../../domain/motion/analysis.js';
import type { Gray } from '../../domain/motion/judgement.js';
import { videoAddon } from '../libav/addon.js';
import { openCv, type Mat } from './binding.js';
import type { Luma, Picture } from './picture.js';

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
  else meansOfLuma(luma, picture, factor, pixels);
  return {
    gray: { width, height, pixels },
    seenWidth: (width * factor) / picture.width,
    seenHeight: (height * factor) / picture.height,
  };
}

/** A plane that is still to be turned is made small first; what is left out lies at its right and lower edges after the turn. */
function meansOfLuma(luma: Luma, { width, height }: Picture, factor: number, into: Uint8Array): void {
  const { bytes, stride, fullRange, turns } = luma;
  const [cols, rows] = turns % 2 === 1 ? [height, width] : [width, height];
  const left = turns >= 2 ? cols % factor : 0;
  const top = turns === 1 || turns === 2 ? rows % factor : 0;
  const seen = bytes.subarray(top * stride + left);
  const small = turns === 0 ? into : new Uint8Array(into.length);
  videoAddon().blockMeans(seen, cols - left, rows - top, stride, factor, !fullRange, small);
  if (turns > 0) turnPixels(small, Math.floor(cols / factor), turns, into);
}

/** Copies pixels of a gray picture, `width` a row, to where they are after one to three quarter turns clockwise. */
function turnPixels(pixels: Uint8Array, width: number, turns: number, into: Uint8Array): void {
  const height = pixels.length / width;
  let from = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const to =
        turns === 1
          ? x * height + (height - 1 - y)
          : turns === 2
            ? (height - 1 - y) * width + (width - 1 - x)
            : (width - 1 - x) * height + y;
      into[to] = pixels[from++]!;
    }
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
