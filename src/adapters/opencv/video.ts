import type { Connection } from '../camera/live-camera.js';
import { openVideo as openDecoded, type VideoOptions } from '../libav/video.js';
import { createImagePool } from './image-pool.js';
import { decodedPicture, type Picture } from './picture.js';
import { turnedPicture } from './turned-picture.js';

/** An open video. `fps` and `frameCount` are what its header says, 0 where it does not. */
export type OpenVideo = Connection<Picture> & { readonly fps: number; readonly frameCount: number };

/** Opens a file, stream or device beside the event loop. Rejects where it cannot, or when the signal is aborted meanwhile. */
export async function openVideo(source: string, options: VideoOptions, signal?: AbortSignal): Promise<OpenVideo> {
  const video = await openDecoded(source, options, signal);
  const images = createImagePool();
  return {
    ...video,
    take() {
      const frame = video.take();
      return turnedPicture(decodedPicture(frame, images), frame.turns);
    },
    close() {
      video.close();
      images.close();
    },
  };
}
