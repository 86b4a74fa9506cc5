import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type * as bindings from 'opencv4nodejs';

export type { Mat } from 'opencv4nodejs';

/** The binding as it is without its loader: classes and constants of OpenCV, asynchronous calls end in a callback. */
export type OpenCv = Omit<typeof bindings, 'VideoWriter'> & {
  /** Only in the full form. */
  readonly VideoWriter: new (path: string, fourcc: number, fps: number, size: bindings.Size) => Writer;
};

/** A video file being written; without `release` it cannot be played. */
export type Writer = {
  writeAsync(image: bindings.Mat, done: Done<undefined>): void;
  release(): void;
};

/** The binding's errors are bare strings, null when there is none. */
type Done<T> = (error: string | null, value: T) => void;

/** Read once, when the library is loaded or first used; a variable that is set already stays. */
const settings = {
  // Both write to stderr, where our log lines are; what goes wrong is in our own messages. -8 is AV_LOG_QUIET.
  OPENCV_LOG_LEVEL: 'SILENT',
  OPENCV_FFMPEG_LOGLEVEL: '-8',
} as const;

const withoutWindows =
  'this OpenCV has no windows and video files. `display` and `replay --video` need a checkout with `npm run setup`: the package and ' +
  'the images leave them out';

let loaded: { readonly cv: OpenCv; readonly full: boolean } | undefined;

/**
 * OpenCV, loaded at the first call and held to one thread: spread over all cores, a small frame costs more than it gains.
 * Throws an Error with the remedy where it cannot be loaded.
 */
export function openCv(): OpenCv {
  loaded ??= {
    cv: load('opencv4nodejs', 'OpenCV cannot be loaded (its binding is missing or broken): run `npm run setup`'),
    full: false,
  };
  return loaded.cv;
}

/**
 * OpenCV with windows and video files, which take 50 MB more. To be called before `openCv`, which then answers the same: an
 * image of one form is none for the other.
 */
export function openFullOpenCv(): OpenCv {
  if (loaded?.full === false) throw new Error('OpenCV is loaded already, without windows and video files');
  loaded ??= { cv: load('opencv4nodejs-full', withoutWindows), full: true };
  return loaded.cv;
}

function load(name: string, problem: string): OpenCv {
  for (const [variable, value] of Object.entries(settings)) process.env[variable] ??= value;
  // The package's own loader prints on stdout and looks for builds that are not ours, so the binding is taken by its path.
  const require = createRequire(import.meta.url);
  try {
    const packageRoot = join(dirname(require.resolve('opencv4nodejs')), '..', '..');
    const cv = require(join(packageRoot, 'build', 'Release', `${name}.node`)) as OpenCv;
    cv.setNumThreads(1);
    return cv;
  } catch (cause) {
    throw new Error(problem, { cause });
  }
}

/** Turns one callback call of the binding into a promise. */
export function promised<T>(call: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    call((error, value) => (error === null ? resolve(value) : reject(new Error(error))));
  });
}
