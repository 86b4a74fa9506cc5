import { openCv, type DecodedFrame, type Mat } from './binding.js';
import type { ImagePool } from './image-pool.js';

/** A luma plane as the camera sent it: height x width, 8UC1, with black at 16 and white at 235 unless it is `fullRange`. */
export type Luma = { readonly mat: Mat; readonly fullRange: boolean };

/**
 * One frame of any camera, in the form it arrived in; the other forms are made when asked for, once.
 * On loan: every Mat it gives dies with `release()`, which the camera calls when the next event is asked for.
 */
export type Picture = {
  readonly width: number;
  readonly height: number;
  /** The frame in colour: height x width, 8UC3, blue first. Not to be drawn on. */
  bgr(): Mat;
  /** A small JPEG for a screen, with regions framed: as `liveJpeg` of the binding. */
  jpeg(widest: number, quality: number, regions: readonly number[]): Buffer;
  /** Where the camera sends one. */
  luma(): Luma | undefined;
  release(): void;
};

/** A frame that is a Mat already (8UC3), which it takes over. */
export function bgrPicture(mat: Mat): Picture {
  return {
    width: mat.cols,
    height: mat.rows,
    bgr: () => mat,
    jpeg: (...wanted) => openCv().liveJpeg(mat, mat.cols, mat.rows, ...wanted),
    luma: () => undefined,
    release: () => mat.release(),
  };
}

/** A frame that is a Mat already (8UC3) and is given back at its release. */
export function lentPicture(mat: Mat, giveBack: (mat: Mat) => void): Picture {
  return { ...bgrPicture(mat), release: () => giveBack(mat) };
}

/** A frame of a file or stream, which it takes over; its colours are made in an image of the pool. */
export function decodedPicture(frame: DecodedFrame, images: ImagePool): Picture {
  const { width, height, fullRange } = frame;
  let bgr: Mat | undefined;
  let view: Mat | undefined;
  return {
    width,
    height,
    bgr() {
      if (bgr === undefined) {
        bgr = images.take();
        frame.bgr(bgr);
      }
      return bgr;
    },
    jpeg: (...wanted) => frame.jpeg(...wanted),
    luma() {
      if (view !== undefined) return { mat: view, fullRange };
      const mat = new (openCv().Mat)();
      if (!frame.luma(mat)) return undefined;
      view = mat;
      return { mat, fullRange };
    },
    release() {
      view?.release();
      if (bgr !== undefined) images.giveBack(bgr);
      bgr = view = undefined;
      frame.release();
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
  let colours: Mat | undefined;
  let luma: Mat | undefined;
  const bgr = () => (colours ??= keep(keep(planes.cvtColor(cv.COLOR_YUV2BGR_I420)).getRegion(visible)));
  return {
    width,
    height,
    bgr,
    jpeg: (...wanted) => cv.liveJpeg(planes, width, height, ...wanted),
    luma: () => ({ mat: (luma ??= keep(planes.getRegion(visible))), fullRange: false }),
    release() {
      for (const mat of borrowed) mat.release();
    },
  };
}
