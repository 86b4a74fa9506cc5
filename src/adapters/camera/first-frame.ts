import type { LoanedImage } from '../../domain/camera/loaned-image.js';
import type { Connection } from './live-camera.js';

/**
 * Makes a connection of a camera whose first frame was waited for: only then its size is known, and that it works. The first
 * `grab` gives that frame.
 * @param next waits for the next frame; undefined at the end of the stream
 */
export function holdFirstFrame<Image extends LoanedImage>(
  first: Image,
  next: () => Promise<Image | undefined>,
  closeCamera: () => void,
): Connection<Image> {
  let held: Image | undefined = first;
  let isFirst = true;
  let closed = false;
  const release = () => {
    held?.release();
    held = undefined;
  };
  return {
    width: first.width,
    height: first.height,
    async grab() {
      if (!isFirst) {
        release();
        held = await next();
        if (closed) release();
      }
      isFirst = false;
      return held !== undefined;
    },
    take() {
      const taken = held;
      if (taken === undefined) throw new Error('no frame was grabbed');
      held = undefined;
      return taken;
    },
    close() {
      closed = true;
      closeCamera();
      release();
    },
  };
}
