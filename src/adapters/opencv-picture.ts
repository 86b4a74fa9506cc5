import { openCv, type Mat } from './opencv-binding.js';

/**
 * One frame of any camera, in the form it arrived in; the other forms are made when asked for, once.
 * On loan: every Mat it gives dies with `release()`, which the camera calls when the next event is asked for.
 */
export type Picture = {
  readonly width: number;
  readonly height: number;
  /** The frame in colour: height x width, 8UC3, blue first. Not to be drawn on. */
  bgr(): Mat;
  /** The luma plane as the camera sent it (height x width, 8UC1, video range), where it sends one. */
  luma(): Mat | undefined;
  release(): void;
};

/** A frame that is a Mat already (8UC3), which it takes over. */
export function bgrPicture(mat: Mat): Picture {
  return { width: mat.cols, height: mat.rows, bgr: () => mat, luma: () => undefined, release: () => mat.release() };
}

/** A frame whose colours are fetched when somebody asks for them; what was fetched is given back at its release. */
export function lentPicture(width: number, height: number, fetch: () => Mat, giveBack: (mat: Mat) => void): Picture {
  let bgr: Mat | undefined;
  return {
    width,
    height,
    bgr: () => (bgr ??= fetch()),
    luma: () => undefined,
    release() {
      if (bgr !== undefined) giveBack(bgr);
      bgr = undefined;
    },
  };
}

/**
 * A planar YUV 4:2:0 frame (I420) as `rpicam-vid` sends it: `height` rows of `stride` bytes, of which `width` are the picture,
 * then both chroma planes with half of each; all three numbers even. Copies the bytes: the buffer is free again.
 */
export function i420Picture(bytes: Buffer, width: number, height: number, stride: number): Picture {
  const cv = openCv();
  const planes = new cv.Mat(bytes, (height * 3) / 2, stride, cv.CV_8UC1);
  const borrowed: Mat[] = [planes];
  const keep = (mat: Mat) => {
    borrowed.push(mat);
    return mat;
  };
  const visible = new cv.Rect(0, 0, width, height);
  let bgr: Mat | undefined;
  let luma: Mat | undefined;
  return {
    width,
    height,
    bgr: () => (bgr ??= keep(keep(planes.cvtColor(cv.COLOR_YUV2BGR_I420)).getRegion(visible))),
    luma: () => (luma ??= keep(planes.getRegion(visible))),
    release() {
      for (const mat of borrowed) mat.release();
    },
  };
}
