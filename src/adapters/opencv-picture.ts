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

/** A frame that OpenCV decoded; takes over the Mat (8UC3). */
export function bgrPicture(mat: Mat): Picture {
  return {
    width: mat.cols,
    height: mat.rows,
    bgr: () => mat,
    luma: () => undefined,
    release: () => mat.release(),
  };
}

/**
 * A planar YUV 4:2:0 frame (I420) of `width` x `height` without padding, as `rpicam-vid` sends it; both sizes even.
 * Copies the bytes: the buffer is free again when this returns.
 */
export function i420Picture(bytes: Buffer, width: number, height: number): Picture {
  const cv = openCv();
  const planes = new cv.Mat(bytes, (height * 3) / 2, width, cv.CV_8UC1);
  let bgr: Mat | undefined;
  let luma: Mat | undefined;
  return {
    width,
    height,
    bgr: () => (bgr ??= planes.cvtColor(cv.COLOR_YUV2BGR_I420)),
    luma: () => (luma ??= planes.rowRange(0, height)),
    release() {
      bgr?.release();
      luma?.release();
      planes.release();
    },
  };
}
