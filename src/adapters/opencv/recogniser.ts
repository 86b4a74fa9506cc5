import type { Region } from '../../domain/motion/judgement.js';
import type { Detection } from '../../domain/recognition/detection.js';
import { openCv, type Mat } from './binding.js';
import { modelSide, openNetwork } from './network.js';
import type { Picture } from './picture.js';
import { connectNetwork } from './shared-network.js';

/** Recognises people, animals and vehicles in parts of a picture. */
export type Recogniser = {
  /**
   * Looks at one part of the picture, given in shares of it. The pixels are copied before this returns. One look at a time.
   * Rejects if the model cannot be run.
   */
  detect(picture: Picture, crop: Region): Promise<readonly Detection[]>;
};

/** Loads the model into this process. Throws an Error if it is missing or not readable. */
export function openRecogniser(): Recogniser {
  const network = openNetwork();
  return {
    async detect(picture, crop) {
      const part = partOf(picture, crop);
      // Copied into the network's input before the first wait.
      const found = network.detect(part, crop);
      part.release();
      return found;
    },
  };
}

/** Looks through the model of another process, which listens on a socket at this path (`serveNetwork`). */
export function openSharedRecogniser(path: string): Recogniser {
  const network = connectNetwork(path);
  return {
    async detect(picture, crop) {
      const part = partOf(picture, crop);
      const image = part.resize(modelSide, modelSide);
      const pixels = image.getData();
      image.release();
      part.release();
      return network.detect(pixels, crop);
    },
  };
}

/** A view of a part of the picture, in whole pixels, at least one each way. */
function partOf(picture: Picture, { x, y, width, height }: Region): Mat {
  const left = Math.min(picture.width - 1, Math.round(x * picture.width));
  const top = Math.min(picture.height - 1, Math.round(y * picture.height));
  const right = Math.max(left + 1, Math.min(picture.width, Math.round((x + width) * picture.width)));
  const bottom = Math.max(top + 1, Math.min(picture.height, Math.round((y + height) * picture.height)));
  return picture.bgr().getRegion(new (openCv().Rect)(left, top, right - left, bottom - top));
}
