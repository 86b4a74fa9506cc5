import type { Connection } from './live-camera.js';
import { openCv, promised, type Capture, type Mat } from './opencv-binding.js';
import { lentPicture, type Picture } from './opencv-picture.js';

/** An open video. `fps` and `frameCount` are what its header says, 0 where it does not. */
export type OpenVideo = Connection<Picture> & { readonly fps: number; readonly frameCount: number };

/** How a video is opened. */
export type CaptureOptions = {
  readonly backend: 'ffmpeg' | 'v4l2';
  /** Options of libavformat and its protocols, `name;value|name;value`. The user's own in the environment go first. */
  readonly ffmpeg?: string;
  /** Opening and every grab give up after so long without data (ffmpeg only). */
  readonly timeoutSeconds?: number;
  /** Asked of the device before the first frame. */
  readonly ask?: { readonly width: number; readonly height: number; readonly fps: number };
  /** Colours are fetched when they are asked for; then the picture must be released before the next grab. */
  readonly lazy?: boolean;
};

/** Opens a file, stream or device beside the event loop. Rejects where it cannot, or when the signal is aborted meanwhile. */
export async function openCapture(source: string, options: CaptureOptions, signal?: AbortSignal): Promise<OpenVideo> {
  const cv = openCv();
  const capture = await abandonable(open(source, options), signal);
  forgetLoadingOnce();
  if (options.ask !== undefined) {
    capture.set(cv.CAP_PROP_FRAME_WIDTH, options.ask.width);
    capture.set(cv.CAP_PROP_FRAME_HEIGHT, options.ask.height);
    capture.set(cv.CAP_PROP_FPS, options.ask.fps);
  }
  const width = capture.get(cv.CAP_PROP_FRAME_WIDTH);
  const height = capture.get(cv.CAP_PROP_FRAME_HEIGHT);
  const images = createImagePool();
  const fetch = () => {
    const image = images.take();
    if (!capture.retrieve(image)) throw new Error('a frame cannot be converted');
    return image;
  };
  let grabbing = false;
  let closed = false;
  const release = () => {
    capture.release();
    images.close();
  };
  return {
    width,
    height,
    fps: sensible(capture.get(cv.CAP_PROP_FPS)),
    frameCount: sensible(capture.get(cv.CAP_PROP_FRAME_COUNT)),
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
      if (options.lazy === true) return lentPicture(width, height, fetch, images.giveBack);
      const image = fetch();
      return lentPicture(image.cols, image.rows, () => image, images.giveBack);
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

function open(source: string, { backend, ffmpeg, timeoutSeconds }: CaptureOptions): Promise<Capture> {
  const cv = openCv();
  if (ffmpeg !== undefined) process.env['OPENCV_FFMPEG_CAPTURE_OPTIONS'] ??= ffmpeg;
  const milliseconds = Math.round((timeoutSeconds ?? 0) * 1000);
  const params = timeoutSeconds === undefined ? [] : [openTimeout, milliseconds, readTimeout, milliseconds];
  const api = backend === 'v4l2' ? cv.CAP_V4L2 : cv.CAP_FFMPEG;
  return promised((done) => cv.VideoCapture.openAsync(source, api, params, done));
}

/** Properties of OpenCV 4.5.2 and newer that the binding has no names for. */
const openTimeout = 53;
const readTimeout = 54;

/** Waits for the capture or the signal; a capture that comes too late is let go. */
function abandonable(opening: Promise<Capture>, signal: AbortSignal | undefined): Promise<Capture> {
  if (signal === undefined) return opening;
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      doNotWaitAtExit();
      reject(new Error('stopped'));
    };
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    opening
      .then((capture) => (signal.aborted ? capture.release() : resolve(capture)), reject)
      .finally(() => signal.removeEventListener('abort', giveUp));
  });
}

let forgotten = false;
/** A camera is the last that a process opens: from now on it does the same over and over. */
function forgetLoadingOnce(): void {
  if (forgotten) return;
  forgotten = true;
  openCv().VideoCapture.forgetLoading();
}

let hurried = false;
/** Node waits at its end for the threads of its pool; one that waits for a camera must not hold up a clean stop. */
function doNotWaitAtExit(): void {
  if (hurried) return;
  hurried = true;
  process.once('exit', (status) => openCv().VideoCapture.endProcess(status));
}

/** Frame-sized Mats that are used again: allocating a megabyte for each frame costs as much as converting it. */
function createImagePool() {
  const cv = openCv();
  const free: Mat[] = [];
  let closed = false;
  return {
    take: (): Mat => free.pop() ?? new cv.Mat(),
    giveBack(image: Mat) {
      if (closed) image.release();
      else free.push(image);
    },
    close() {
      closed = true;
      for (const image of free.splice(0)) image.release();
    },
  };
}

function sensible(value: number): number {
  return Number.isFinite(value) && value > 0 ? value : 0;
}
