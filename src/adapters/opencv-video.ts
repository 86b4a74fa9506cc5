import type { Connection } from './live-camera.js';
import { openCv, promised, type FrameReader } from './opencv-binding.js';
import { createImagePool } from './opencv-image-pool.js';
import { doNotWaitAtExit, opened } from './opencv-opening.js';
import { decodedPicture, type Picture } from './opencv-picture.js';

/** An open video. `fps` and `frameCount` are what its header says, 0 where it does not. */
export type OpenVideo = Connection<Picture> & { readonly fps: number; readonly frameCount: number };

/** How a video is opened. */
export type VideoOptions = {
  /** Options of libav and its protocols, `name;value|name;value`. */
  readonly libav?: string;
  /** Opening and every grab give up after so long without data; 0 or nothing: never. */
  readonly timeoutSeconds?: number;
};

/** Opens a file or stream beside the event loop. Rejects where it cannot, or when the signal is aborted meanwhile. */
export async function openVideo(
  source: string,
  { libav = '', timeoutSeconds = 0 }: VideoOptions,
  signal?: AbortSignal,
): Promise<OpenVideo> {
  const cv = openCv();
  const opening = promised<FrameReader>((done) =>
    cv.FrameReader.open(source, libav, Math.round(timeoutSeconds * 1000), done),
  );
  const reader = await opened(opening, (late) => late.close(), signal);
  const images = createImagePool();
  let grabbing = false;
  return {
    width: reader.width,
    height: reader.height,
    fps: sensible(reader.fps),
    frameCount: sensible(reader.frameCount),
    async grab() {
      grabbing = true;
      try {
        return await promised<boolean>((done) => reader.grab(done));
      } finally {
        grabbing = false;
      }
    },
    take: () => decodedPicture(reader.take(), images),
    close() {
      if (grabbing) doNotWaitAtExit();
      reader.close();
      images.close();
    },
  };
}

function sensible(value: number): number {
  return Number.isFinite(value) && value > 0 ? value : 0;
}
