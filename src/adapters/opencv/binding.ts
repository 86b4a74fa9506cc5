import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type * as bindings from 'opencv4nodejs';

export type { Mat } from 'opencv4nodejs';

/** The binding as it is without its loader: classes and constants of OpenCV, asynchronous calls end in a callback. */
export type OpenCv = Omit<typeof bindings, 'VideoCapture' | 'VideoWriter' | 'imencodeAsync'> & {
  readonly VideoCapture: CaptureClass;
  readonly FrameReader: {
    /** Opens a file or stream; options as `name;value|name;value`. */
    open(source: string, options: string, timeoutMilliseconds: number, done: Done<FrameReader>): void;
  };
  /**
   * A gray Mat (8UC1) smaller by a whole factor up to 256, row by row, each pixel the mean of a square. With `videoRange`
   * 16..235 becomes 0..255. Written into `into` where that has the size, else into a new Buffer.
   */
  meansOfBlocks(gray: bindings.Mat, factor: number, videoRange: boolean, into?: Uint8Array): Uint8Array;
  /**
   * A JPEG of a picture of that size in the Mat: 8UC3 (blue first), or 8UC1: gray, or I420 where it has half as many rows
   * again. A picture wider than `widest` is made smaller, to no less than two thirds of that. Regions (x, y, width, height,
   * x, ... as shares) are framed in green; the Mat stays as it is.
   */
  liveJpeg(
    image: bindings.Mat,
    width: number,
    height: number,
    widest: number,
    quality: number,
    regions: readonly number[],
  ): Buffer;
  /** Hands free pages between what is allocated to the system: with glibc, in a tenth of a millisecond for each MB; else nothing. */
  giveBackMemory(): void;
  readonly VideoWriter: new (path: string, fourcc: number, fps: number, size: bindings.Size) => Writer;
  imencodeAsync(extension: string, image: bindings.Mat, flags: number[], done: Done<Buffer>): void;
};

/** The package's own class with what `native/opencv/video-capture.cc` adds. */
export type CaptureClass = {
  /** @param params pairs of a property and its value, for the opening */
  openAsync(source: string, backend: number, params: readonly number[], done: Done<Capture>): void;
  /** Gives back the memory that only loading OpenCV and all it links (GDAL, Qt) has touched: some 80 MB; takes 20 ms. */
  forgetLoading(): void;
  /** Ends the process at once, without waiting for threads. */
  endProcess(status: number): never;
};

/** An open device. Closing it while `grabAsync` is under way crashes the process. */
export type Capture = {
  get(property: number): number;
  set(property: number, value: number): boolean;
  /** Decodes the next frame; false at the end. */
  grabAsync(done: Done<boolean>): void;
  /** Converts the grabbed frame into the Mat (8UC3), whose memory is used again where it fits. */
  retrieve(into: bindings.Mat): boolean;
  release(): void;
};

/** An open file or stream (`native/opencv/frame-reader.cc`). What its header does not say is 0 or not finite. */
export type FrameReader = {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly frameCount: number;
  /** One byte a frame, in the order they are shown: 0 where nobody will look at its pixels. Before the first grab. */
  look(plan: Uint8Array): void;
  /**
   * Decodes up to the next frame that is looked at; those before it only where another frame needs them. Answers how many
   * frames have passed; 0 at the end, when it broke, and when nothing came in time.
   */
  grab(done: Done<number>): void;
  /** The frame that was grabbed last (or the one before it), shared with the decoder, not copied; outlives the next grab. */
  take(before: boolean): DecodedFrame;
  /** At once, also while a grab waits. */
  close(): void;
};

/** A frame as it was decoded. */
export type DecodedFrame = {
  readonly width: number;
  readonly height: number;
  /** luma is 0..255, not 16..235 */
  readonly fullRange: boolean;
  /** Makes the Mat a view (8UC1) on the luma plane, good until `release`; false where the frame has none of eight bits. */
  luma(into: bindings.Mat): boolean;
  /** Converts into the Mat (8UC3), whose memory is used again where it fits. */
  bgr(into: bindings.Mat): void;
  /** As `liveJpeg`. */
  jpeg(widest: number, quality: number, regions: readonly number[]): Buffer;
  release(): void;
};

/** A video file being written; without `release` it cannot be played. */
export type Writer = {
  writeAsync(image: bindings.Mat, done: Done<undefined>): void;
  release(): void;
};

/** The binding's errors are bare strings, null when there is none. */
type Done<T> = (error: string | null, value: T) => void;

/** Read once, when the library is loaded or first used; whoever sets them for himself has his way. */
const settings = {
  // A V4L2 read that hangs must give up before a stop takes 5 s.
  OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT: '3',
  // Both write to stderr, where our log lines are; what goes wrong is in our own messages. -8 is AV_LOG_QUIET.
  OPENCV_LOG_LEVEL: 'SILENT',
  OPENCV_FFMPEG_LOGLEVEL: '-8',
} as const;

let loaded: OpenCv | undefined;

/**
 * OpenCV, loaded at the first call (0.1 s of CPU and 70 MB, so only where a picture is touched) and held to one thread:
 * spread over all cores, a small frame costs more than it gains. Throws an Error with the remedy where it cannot be loaded.
 */
export function openCv(): OpenCv {
  if (loaded !== undefined) return loaded;
  for (const [name, value] of Object.entries(settings)) process.env[name] ??= value;
  // The package's own loader prints on stdout and looks for builds that are not ours, so the binding is taken by its path.
  const require = createRequire(import.meta.url);
  try {
    const packageRoot = join(dirname(require.resolve('opencv4nodejs')), '..', '..');
    loaded = require(join(packageRoot, 'build', 'Release', 'opencv4nodejs.node')) as OpenCv;
  } catch (cause) {
    throw new Error('OpenCV cannot be loaded (its binding is missing or broken): run `npm run setup`', { cause });
  }
  loaded.setNumThreads(1);
  return loaded;
}

/** OpenCV where somebody has loaded it already. */
export function loadedOpenCv(): OpenCv | undefined {
  return loaded;
}

/** Turns one callback call of the binding into a promise. */
export function promised<T>(call: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    call((error, value) => (error === null ? resolve(value) : reject(new Error(error))));
  });
}
