import { openCv, promised, type Capture, type Mat } from './opencv-binding.js';
import { bgrPicture, type Picture } from './opencv-picture.js';
import type { Connection } from './live-camera.js';

/** An open video. `fps` and `frameCount` are what its header says, 0 where it does not. */
export type OpenVideo = Connection<Picture> & { readonly fps: number; readonly frameCount: number };

/** How a video is opened. */
export type CaptureOptions = {
  readonly backend: 'ffmpeg' | 'v4l2';
  /** Options of libavformat and its protocols, `name;value|name;value`. */
  readonly ffmpeg?: string;
  /** Asked of the device before the first frame. */
  readonly ask?: { readonly width: number; readonly height: number; readonly fps: number };
  /** A read that took so long only gives on what a broken stream left in the decoder: it counts as no frame. */
  readonly lateSeconds?: number;
};

/** Opens a file, stream or device; blocks the thread until its first packets are understood. Throws where it cannot be opened. */
export function openCapture(source: string, options: CaptureOptions): OpenVideo {
  const cv = openCv();
  const capture = construct(source, options);
  if (options.ask !== undefined) {
    capture.set(cv.CAP_PROP_FRAME_WIDTH, options.ask.width);
    capture.set(cv.CAP_PROP_FRAME_HEIGHT, options.ask.height);
    capture.set(cv.CAP_PROP_FPS, options.ask.fps);
  }
  let reading = false;
  let closed = false;
  return {
    width: capture.get(cv.CAP_PROP_FRAME_WIDTH),
    height: capture.get(cv.CAP_PROP_FRAME_HEIGHT),
    fps: sensible(capture.get(cv.CAP_PROP_FPS)),
    frameCount: sensible(capture.get(cv.CAP_PROP_FRAME_COUNT)),
    async read() {
      const startedAt = performance.now();
      reading = true;
      try {
        const mat = await promised<Mat>((done) => capture.readAsync(done));
        const seconds = (performance.now() - startedAt) / 1000;
        if (!mat.empty && seconds < (options.lateSeconds ?? Infinity)) return bgrPicture(mat);
        mat.release();
        if (options.lateSeconds !== undefined && seconds >= options.lateSeconds) throw new Error(silence(seconds));
        return undefined;
      } finally {
        reading = false;
        if (closed) capture.release();
      }
    },
    close() {
      if (closed) return;
      closed = true;
      // Released under a reading thread it would crash; the read that hangs releases it when it comes back.
      if (!reading) capture.release();
    },
  };
}

function construct(source: string, options: CaptureOptions): Capture {
  const cv = openCv();
  const users = process.env['OPENCV_FFMPEG_CAPTURE_OPTIONS'];
  if (users === undefined && options.ffmpeg !== undefined)
    process.env['OPENCV_FFMPEG_CAPTURE_OPTIONS'] = options.ffmpeg;
  try {
    return new cv.VideoCapture(source, options.backend === 'v4l2' ? cv.CAP_V4L2 : cv.CAP_FFMPEG);
  } finally {
    // Read by OpenCV when it opens; not left for children, nor taken for the user's own.
    if (users === undefined) delete process.env['OPENCV_FFMPEG_CAPTURE_OPTIONS'];
  }
}

function silence(seconds: number): string {
  return `no data for ${seconds.toFixed(1)} s`;
}

function sensible(value: number): number {
  return Number.isFinite(value) && value > 0 ? value : 0;
}
