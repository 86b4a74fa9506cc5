import type { LoanedImage } from '../../domain/camera/loaned-image.js';
import type { Connection } from './live-camera.js';

type Connect<Image> = (signal: AbortSignal) => Promise<Connection<Image>>;

/**
 * Makes the function that connects to a stream. MJPEG and still pictures over HTTP are read one by one, so that a bad picture
 * costs no other; what else HTTP serves is libav's, and goes to it at once from then on.
 * @param connectPictures resolves to undefined if the address has video of another kind
 */
export function createStreamConnector<Image extends LoanedImage>(
  source: string,
  connectPictures: (url: URL, signal: AbortSignal) => Promise<Connection<Image> | undefined>,
  connectVideo: Connect<Image>,
): Connect<Image> {
  const url = new URL(source);
  let isVideo = !/^https?:$/.test(url.protocol) || /\.(?:m3u8?|mpd|ts|flv|mp4|mkv|webm)$|flv/i.test(url.pathname);
  return async (signal) => {
    const camera = isVideo ? undefined : await connectPictures(url, signal);
    if (camera !== undefined) return camera;
    isVideo = true;
    return connectVideo(signal);
  };
}
