import { openCv, type Mat } from './binding.js';

/** A colour image (8UC3): the Mat is a view on the bytes, so both are to be kept. */
export type PooledImage = { readonly bytes: Uint8Array; readonly stride: number; readonly mat: Mat };

/** Frame-sized images that are used again: allocating a megabyte for each frame costs as much as converting it. */
export type ImagePool = {
  take(width: number, height: number, stride: number): PooledImage;
  giveBack(image: PooledImage): void;
  /** Frees what lies here, and from now on what is given back. */
  close(): void;
};

/** An empty pool. */
export function createImagePool(): ImagePool {
  const cv = openCv();
  const free: PooledImage[] = [];
  let closed = false;
  return {
    take(width, height, stride) {
      const image = free.pop();
      if (image?.mat.cols === width && image.mat.rows === height && image.stride === stride) return image;
      image?.mat.release();
      const bytes = Buffer.allocUnsafeSlow(stride * height);
      return { bytes, stride, mat: new cv.Mat(height, width, cv.CV_8UC3, bytes, stride) };
    },
    giveBack(image) {
      if (closed) image.mat.release();
      else free.push(image);
    },
    close() {
      closed = true;
      for (const { mat } of free.splice(0)) mat.release();
    },
  };
}
