import { openCv, type Mat } from './binding.js';

/** Frame-sized Mats that are used again: allocating a megabyte for each frame costs as much as converting it. */
export type ImagePool = {
  take(): Mat;
  giveBack(image: Mat): void;
  /** Frees what lies here, and from now on what is given back. */
  close(): void;
};

/** An empty pool; its Mats get their size and type from who fills them. */
export function createImagePool(): ImagePool {
  const cv = openCv();
  const free: Mat[] = [];
  let closed = false;
  return {
    take: () => free.pop() ?? new cv.Mat(),
    giveBack(image) {
      if (closed) image.release();
      else free.push(image);
    },
    close() {
      closed = true;
      for (const image of free.splice(0)) image.release();
    },
  };
}
