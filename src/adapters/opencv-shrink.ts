import type { Gray } from '../domain/motion/judgement.js';
import { openCv, type Mat } from './opencv-binding.js';
import type { Picture } from './opencv-picture.js';

const wantedWidth = 160;

/** A small picture, and the shares of the whole that it shows: a last column or row that fills no pixel is left out. */
export type Shrunk = { readonly gray: Gray; readonly seenWidth: number; readonly seenHeight: number };

/**
 * The picture in gray at about 160 px width, each pixel the mean of a whole number of pixels: an INTER_AREA of any other
 * ratio costs five times as much. Touches as little as can be: the luma plane where there is one; else colour is halved
 * before it is made gray, because that is OpenCV's fastest step.
 */
export function shrinkToGray(picture: Picture): Shrunk {
  const cv = openCv();
  const factor = factorFor(picture.width);
  const width = Math.floor(picture.width / factor);
  const height = Math.floor(picture.height / factor);
  const mats: Mat[] = [];
  const keep = (mat: Mat) => {
    mats.push(mat);
    return mat;
  };
  const shrink = (mat: Mat, by: number) =>
    by === 1 ? mat : keep(mat.resize(mat.rows / by, mat.cols / by, 0, 0, cv.INTER_AREA));
  const cut = (mat: Mat) => keep(mat.getRegion(new cv.Rect(0, 0, width * factor, height * factor)));

  const luma = picture.luma();
  let small: Mat;
  if (luma !== undefined) small = shrink(cut(luma), factor);
  else {
    const halves = factor % 2 === 0 ? 2 : 1;
    const colour = shrink(cut(picture.bgr()), halves);
    small = shrink(keep(colour.cvtColor(cv.COLOR_BGR2GRAY)), factor / halves);
  }
  // A part of a larger Mat has gaps between its rows, and the binding refuses to copy it out.
  const pixels = (small.step > width ? keep(small.copy()) : small).getData();
  for (const mat of mats) mat.release();
  return {
    gray: { width, height, pixels },
    seenWidth: (width * factor) / picture.width,
    seenHeight: (height * factor) / picture.height,
  };
}

/** The judge's time goes with the pixels, so the nearest factor is cheaper than the nearest even one. */
function factorFor(width: number): number {
  return Math.max(1, Math.round(width / wantedWidth));
}
