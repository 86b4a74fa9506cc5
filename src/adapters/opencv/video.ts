import type { Connection } from '../camera/live-camera.js';
import type { DecodedFrame } from '../libav/addon.js';
import { openVideo as openDecoded, type VideoOptions } from '../libav/video.js';
import { createImagePool } from './image-pool.js';
import { decodedPicture, type Picture } from './picture.js';
import { turnedPicture } from './turned-picture.js';

/** An open video. `fps` and `frameCount` are what its header says, 0 where it does not. */
export type OpenVideo = Connection<Picture> & { readonly fps: number; readonly frameCount: number };

/** Opens a file, stream or device beside the event loop. Rejects where it cannot, or when the signal is aborted meanwhile. */
export async function openVideo(source: string, options: VideoOptions, signal?: AbortSignal): Promise<OpenVideo> {
  const video = await openDecoded(source, options, signal);
  return { ...video, ...withPictures(video) };
}

/** Makes pictures of the frames of a connection. */
export function withPictures(frames: Connection<DecodedFrame>): Connection<Picture> {
  const images = createImagePool();
  return {
    ...frames,
    take() {
      const frame = frames.take();
      return turnedPicture(decodedPicture(frame, images), frame.turns);
    },
    close() {
      frames.close();
      images.close();
    },
  };
}
