import type { MotionDetector, MotionRule } from '../../domain/motion/motion-detector.js';
import { calm, type Judgement, type Region } from '../../domain/motion/judgement.js';
import { openCv, type Mat } from './binding.js';
import { drawMask } from './mask.js';
import { grayOf, smallGray } from './gray.js';
import type { Picture } from './picture.js';

const workingWidth = 500;
/** A difference of a few grey levels, which counts, is black to the eye. */
const visibleTimes = 8;

/**
 * The published algorithm of the home surveillance tutorial (pyimagesearch, 2015), to the pixel: 500 px wide (INTER_AREA),
 * gray, Gaussian 21x21, running average weighted 0.5 and held as doubles, difference, threshold, dilated twice, outer contours
 * of at least `minArea`. The first frame begins the average and is calm. `changed` is the share of the thresholded and
 * dilated picture that is white, `threshold` that of the smallest region.
 */
export function createTutorialMotion(rule: MotionRule): MotionDetector<Picture> {
  const cv = openCv();
  const square = cv.getStructuringElement(cv.MORPH_RECT, new cv.Size(3, 3));
  let tuned = rule;
  let average: Mat | undefined;
  let mask: Mat | undefined;

  function reset() {
    average?.release();
    mask?.release();
    average = mask = undefined;
  }

  const subtract = (gray: Mat, background: Mat) =>
    subtractAverage(gray, background, { threshold: tuned.deltaThresh, square, mask });

  function judgeBlurred(gray: Mat): Judgement {
    if (average === undefined || average.rows !== gray.rows) {
      reset();
      average = gray.convertTo(cv.CV_64F);
      mask = drawMask(tuned.masks, gray.cols, gray.rows);
      return calm;
    }
    cv.accumulateWeighted(gray, average, 0.5);
    const { foreground, release } = subtract(gray, average);
    try {
      return judgementOf(foreground, tuned.minArea);
    } finally {
      release();
    }
  }

  return {
    analysisSeconds: 0,
    judge: (picture) => withBlurred(picture, judgeBlurred),
    analysed: () => true,
    tracks: () => [],
    brightness: () => undefined,
    guide: () => undefined,
    inspect(what, picture) {
      if (what === 'gray') return smallGray(picture);
      return withBlurred(picture, (blurred) => {
        if (average?.rows !== blurred.rows) return undefined;
        const { background, difference, foreground, release } = subtract(blurred, average);
        const visible = difference.convertScaleAbs(visibleTimes, 0);
        try {
          return grayOf({ background, difference: visible, foreground }[what]);
        } finally {
          visible.release();
          release();
        }
      });
    },
    update(next) {
      if (next.masks !== tuned.masks) {
        mask?.release();
        mask = average && drawMask(next.masks, average.cols, average.rows);
      }
      tuned = next;
    },
    reset,
    close() {
      reset();
      square.release();
    },
  };
}

/** Gives `use` the gray, blurred picture, 500 px wide, which is released afterwards. */
function withBlurred<T>(picture: Picture, use: (blurred: Mat) => T): T {
  const cv = openCv();
  const rows = Math.trunc(picture.height * (workingWidth / picture.width));
  const small = picture.bgr().resize(rows, workingWidth, 0, 0, cv.INTER_AREA);
  const gray = small.cvtColor(cv.COLOR_BGR2GRAY);
  // The binding's own default is BORDER_CONSTANT, which darkens the rim.
  const blurred = gray.gaussianBlur(new cv.Size(21, 21), 0, 0, cv.BORDER_DEFAULT);
  try {
    return use(blurred);
  } finally {
    for (const mat of [small, gray, blurred]) mat.release();
  }
}

/** The published steps from the average to the foreground. The caller must call `release` for all of the results. */
function subtractAverage(
  gray: Mat,
  average: Mat,
  { threshold, square, mask }: { threshold: number; square: Mat; mask: Mat | undefined },
) {
  const cv = openCv();
  // Of doubles: |x * alpha + beta|, rounded to bytes; Python's cv2.convertScaleAbs(average).
  const background = average.convertScaleAbs(1, 0);
  const difference = gray.absdiff(background);
  const changed = difference.threshold(threshold, 255, cv.THRESH_BINARY);
  const grown = changed.dilate(square, new cv.Point2(-1, -1), 2);
  const foreground = mask === undefined ? grown : grown.bitwiseAnd(mask);
  const release = () => {
    for (const mat of new Set([background, difference, changed, grown, foreground])) mat.release();
  };
  return { background, difference, foreground, release };
}

function judgementOf(seen: Mat, minArea: number): Judgement {
  const cv = openCv();
  const { cols, rows } = seen;
  const regions: Region[] = [];
  for (const contour of seen.findContours(cv.RETR_EXTERNAL, cv.CHAIN_APPROX_SIMPLE)) {
    if (contour.area < minArea) continue;
    const { x, y, width, height } = contour.boundingRect();
    regions.push({ x: x / cols, y: y / rows, width: width / cols, height: height / rows });
  }
  return {
    ...calm,
    moving: regions.length > 0,
    changed: seen.countNonZero() / (cols * rows),
    threshold: Math.min(1, minArea / (cols * rows)),
    regions,
  };
}
