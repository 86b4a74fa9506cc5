import { ANALYSIS_WIDTH } from '../../domain/motion/analysis.js';
import type { Gray } from '../../domain/motion/judgement.js';
import { openCv, type Mat } from './binding.js';
import { bgrPicture, type Picture } from './picture.js';

/** A small gray picture in the form of a camera's, to be judged once more; the caller releases it. */
export function grayPicture(small: Gray): Picture {
  const cv = openCv();
  const gray = matOf(small);
  const bgr = gray.cvtColor(cv.COLOR_GRAY2BGR);
  gray.release();
  return bgrPicture(bgr);
}

/** A small copy of a gray Mat (8UC1). */
export function grayOf(mat: Mat): Gray {
  return { width: mat.cols, height: mat.rows, pixels: mat.getData() };
}

/** The picture in gray, 160 px wide. */
export function smallGray(picture: Picture): Gray {
  const cv = openCv();
  const rows = Math.max(1, Math.round((picture.height * ANALYSIS_WIDTH) / picture.width));
  const small = picture.bgr().resize(rows, ANALYSIS_WIDTH, 0, 0, cv.INTER_AREA);
  const gray = small.cvtColor(cv.COLOR_BGR2GRAY);
  try {
    return grayOf(gray);
  } finally {
    small.release();
    gray.release();
  }
}

/** A gray Mat (8UC1) with a copy of the pixels; the caller releases it. */
export function matOf({ width, height, pixels }: Gray): Mat {
  const cv = openCv();
  return new cv.Mat(Buffer.from(pixels), height, width, cv.CV_8UC1);
}
