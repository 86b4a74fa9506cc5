import type { Connection } from '../camera/live-camera.js';
import { openCv, promised, type FrameReader } from './binding.js';
import { createImagePool } from './image-pool.js';
import { doNotWaitAtExit, opened } from './opening.js';
import { decodedPicture, type Picture } from './picture.js';

/** An open video. `fps` and `frameCount` are what its header says, 0 where it does not. */
export type OpenVideo = Connection<Picture> & {
  readonly fps: number;
  readonly frameCount: number;
  /**
   * Says which frames will be looked at (1) and which not (0), in the order they are shown, before the first `grab`. In the
   * place of the others stands the picture before them; most of them are then not even decoded.
   */
  look(plan: Uint8Array): void;
};

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
  /** Frames that have passed and were not yet asked for; the last of them is the one decoded. */
  let passed = 0;
  return {
    width: reader.width,
    height: reader.height,
    fps: sensible(reader.fps),
    frameCount: sensible(reader.frameCount),
    look: (plan) => reader.look(plan),
    async grab() {
      if (passed > 1) {
        passed--;
        return true;
      }
      grabbing = true;
      try {
        passed = await promised<number>((done) => reader.grab(done));
      } finally {
        grabbing = false;
      }
      return passed > 0;
    },
    take: () => decodedPicture(reader.take(passed > 1), images),
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
