import type { DecodedFrame } from '../libav/addon.js';
import { openCv, type Mat } from './binding.js';
import type { ImagePool, PooledImage } from './image-pool.js';

/** A luma plane as the camera sent it, `stride` bytes a row, with black at 16 and white at 235 unless it is `fullRange`. */
export type Luma = { readonly bytes: Uint8Array; readonly stride: number; readonly fullRange: boolean };

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

/** A frame of a file, stream or device, which it takes over; its colours are made in an image of the pool. */
export function decodedPicture(frame: DecodedFrame, images: ImagePool): Picture {
  const { turns, fullRange, stride } = frame;
  const lying = turns % 2 === 1;
  let image: PooledImage | undefined;
  let turned: Mat | undefined;
  return {
    width: lying ? frame.height : frame.width,
    height: lying ? frame.width : frame.height,
    bgr() {
      if (image === undefined) {
        const empty = images.take(frame.width, frame.height, frame.bgrStride);
        frame.bgr(empty.bytes);
        image = empty;
        // OpenCV's codes for one to three quarters are 0 to 2.
        if (turns > 0) turned = image.mat.rotate(turns - 1);
      }
      return turned ?? image.mat;
    },
    luma() {
      const bytes = turns === 0 ? frame.luma() : undefined;
      return bytes && { bytes, stride, fullRange };
    },
    release() {
      turned?.release();
      if (image !== undefined) images.giveBack(image);
      image = turned = undefined;
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
    luma: () => ({ bytes, stride, fullRange: false }),
    release() {
      for (const mat of borrowed) mat.release();
      borrowed = [];
    },
  };
}
