import type { Connection } from '../camera/live-camera.js';
import type { DecodedFrame } from '../libav/addon.js';
import { openVideo as openDecoded, type OpenVideo as OpenDecodedVideo, type VideoOptions } from '../libav/video.js';
import { createImagePool } from './image-pool.js';
import { decodedPicture, type Picture } from './picture.js';
import { turnedPicture } from './turned-picture.js';

/** A picture with its time stamp in seconds, NaN where it has none. */
export type TimedPicture = Picture & { readonly seconds: number };
/** An open video; see `libav/video.ts`. */
export type OpenVideo = Omit<OpenDecodedVideo, 'take'> & Connection<TimedPicture>;

/** Opens a file, stream or device beside the event loop. Rejects where it cannot, or when the signal is aborted meanwhile. */
export async function openVideo(source: string, options: VideoOptions, signal?: AbortSignal): Promise<OpenVideo> {
  const video = await openDecoded(source, options, signal);
  return { ...video, ...withPictures(video) };
}

/** Makes pictures of the frames of a connection. */
export function withPictures(frames: Connection<DecodedFrame>): Connection<TimedPicture> {
  const images = createImagePool();
  return {
    ...frames,
    take() {
      const frame = frames.take();
      return { ...turnedPicture(decodedPicture(frame, images), frame.turns), seconds: frame.seconds };
    },
    close() {
      frames.close();
      images.close();
    },
  };
}
