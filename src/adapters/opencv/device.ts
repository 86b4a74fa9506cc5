import type { Connection } from '../camera/live-camera.js';
import { openCv, promised, type Capture } from './binding.js';
import { createImagePool } from './image-pool.js';
import { doNotWaitAtExit, opened } from './opening.js';
import { lentPicture, type Picture } from './picture.js';

/** What is asked of a device before its first frame; it gives what comes nearest. */
export type DeviceWish = { readonly width: number; readonly height: number; readonly fps: number };

/** Opens a V4L2 device beside the event loop. Rejects where it cannot, or when the signal is aborted meanwhile. */
export async function openDevice(path: string, wish: DeviceWish, signal: AbortSignal): Promise<Connection<Picture>> {
  const cv = openCv();
  const opening = promised<Capture>((done) => cv.VideoCapture.openAsync(path, cv.CAP_V4L2, [], done));
  const capture = await opened(opening, (late) => late.release(), signal);
  capture.set(cv.CAP_PROP_FRAME_WIDTH, wish.width);
  capture.set(cv.CAP_PROP_FRAME_HEIGHT, wish.height);
  capture.set(cv.CAP_PROP_FPS, wish.fps);
  const images = createImagePool();
  let grabbing = false;
  let closed = false;
  const release = () => {
    capture.release();
    images.close();
  };
  return {
    width: capture.get(cv.CAP_PROP_FRAME_WIDTH),
    height: capture.get(cv.CAP_PROP_FRAME_HEIGHT),
    async grab() {
      grabbing = true;
      try {
        return await promised<boolean>((done) => capture.grabAsync(done));
      } finally {
        grabbing = false;
        if (closed) release();
      }
    },
    take() {
      const image = images.take();
      // The device's buffer is filled again by the next grab, so the colours are fetched now.
      if (!capture.retrieve(image)) throw new Error('a frame cannot be converted');
      return lentPicture(image, images.giveBack);
    },
    close() {
      if (closed) return;
      closed = true;
      // Released under a thread that grabs it would crash; a grab that hangs releases it when it comes back.
      if (grabbing) doNotWaitAtExit();
      else release();
    },
  };
}
