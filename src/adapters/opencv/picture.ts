import type { DecodedFrame } from '../libav/addon.js';
import { openCv, type Mat } from './binding.js';
import type { ImagePool, PooledImage } from './image-pool.js';

/**
 * A luma plane as the camera sent it, `stride` bytes a row, with black at 16 and white at 235 unless it is `fullRange`, and
 * still to be given `turns` quarter turns clockwise.
 */
export type Luma = {
  readonly bytes: Uint8Array;
  readonly stride: number;
  readonly fullRange: boolean;
  readonly turns: number;
};

/**
 * One frame of any camera, in the form it arrived in; the other forms are made when asked for, once.
 * On loan: every Mat and buffer it gives dies with `release()`, which the camera calls when the next event is asked for.
 */
export type Picture = {
  readonly width: number;
  readonly height: number;
  /** The frame in colour: height x width, 8UC3, blue first. Not to be drawn on. */
  bgr(): Mat;
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
    luma: () => undefined,
    release: () => mat.release(),
  };
}

/** A frame of a file, stream or device as it was decoded, which it takes over; its colours are made in an image of the pool. */
export function decodedPicture(frame: DecodedFrame, images: ImagePool): Picture {
  const { width, height, fullRange, stride } = frame;
  let image: PooledImage | undefined;
  return {
    width,
    height,
    bgr() {
      if (image === undefined) {
        const empty = images.take(width, height, frame.bgrStride);
        frame.bgr(empty.bytes);
        image = empty;
      }
      return image.mat;
    },
    luma() {
      const bytes = frame.luma();
      return bytes && { bytes, stride, fullRange, turns: 0 };
    },
    release() {
      if (image !== undefined) images.giveBack(image);
      image = undefined;
      frame.release();
    },
  };
}

/**
 * A planar YUV 4:2:0 frame (I420) as `rpicam-vid` sends it: `height` rows of `stride` bytes, of which `width` are the picture,
 * then both chroma planes with half of each; all three numbers even. Takes the bytes over.
 */
export function i420Picture(bytes: Uint8Array, width: number, height: number, stride: number): Picture {
  let borrowed: Mat[] = [];
  const keep = (mat: Mat) => {
    borrowed.push(mat);
    return mat;
  };
  let colours: Mat | undefined;
  const toColours = () => {
    const cv = openCv();
    const planes = keep(new cv.Mat((height * 3) / 2, stride, cv.CV_8UC1, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), stride)); // prettier-ignore
    return keep(keep(planes.cvtColor(cv.COLOR_YUV2BGR_I420)).getRegion(new cv.Rect(0, 0, width, height)));
  };
  return {
    width,
    height,
    bgr: () => (colours ??= toColours()),
    luma: () => ({ bytes, stride, fullRange: false, turns: 0 }),
    release() {
      for (const mat of borrowed) mat.release();
      borrowed = [];
    },
  };
}
