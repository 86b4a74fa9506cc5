import { access, constants, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createClipClock } from '../../domain/camera/clip-clock.js';
import { explain } from '../libav/video.js';
import type { Picture } from './picture.js';
import { turnedPicture } from './turned-picture.js';
import { openVideo, type OpenVideo } from './video.js';

/** Frames a second of a clip that does not say. */
const assumedFps = 25;
/** Headers of damaged files and of streams in a file promise any rate. */
const greatestFps = 240;
/** Opening reads the index, perhaps from a slow share; a file without one may be searched for it to its end. */
const openingSeconds = 60;
/** Without data, a pipe is given up after this long. */
const pipeSeconds = 30;

/** A recorded clip, opened. */
export type Clip = {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** How long it lasts, as the header says; 0 where it says nothing. */
  readonly seconds: number;
  /** When it was recorded, in seconds since the Unix epoch, as the header says. */
  readonly recordedAt: number | undefined;
  /** Decodes the next frame, undefined at the end and after `close`; its picture is to be released before the next is read. */
  read(): Promise<ClipFrame | undefined>;
  close(): void;
};

/** One decoded frame; the picture is on loan until the next is asked for. */
export type ClipFrame = {
  /** From 0, every decoded frame counts. */
  readonly frame: number;
  /** The clip's own time, by its time stamps; `frame / fps` where it has none or an even rate. */
  readonly atSeconds: number;
  readonly picture: Picture;
};

/** The path that a source names, also as a URL (`file:///tmp/a%20b.mp4`). */
export function pathOf(source: string): string {
  if (!/^file:\/\//i.test(source)) return source;
  try {
    return fileURLToPath(source);
  } catch {
    return source.slice('file://'.length);
  }
}

/**
 * Opens a clip; throws an Error that names the file and the reason where it cannot be read. Once the signal is aborted,
 * opening and reading end, also where nobody writes to a pipe.
 */
export async function openClip(path: string, signal?: AbortSignal): Promise<Clip> {
  const isPipe = await inspect(path).catch((cause: unknown) => {
    throw new Error(`cannot read the clip ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  });
  const video = await openInTime(path, isPipe, signal);
  const close = () => {
    signal?.removeEventListener('abort', close);
    video.close();
  };
  signal?.addEventListener('abort', close, { once: true });
  const fps = video.fps > 0 && video.fps <= greatestFps ? video.fps : assumedFps;
  const timeOf = createClipClock(fps);
  let frame = 0;
  return {
    width: video.width,
    height: video.height,
    fps,
    seconds: video.seconds,
    recordedAt: dateOf(video.creationTime),
    async read() {
      if (!(await video.grab())) return undefined;
      const picture = video.take();
      return { frame: frame++, atSeconds: timeOf(picture.seconds), picture };
    },
    close,
  };
}

/** Whether the path is a pipe rather than a file. Throws with what it is instead. */
async function inspect(path: string): Promise<boolean> {
  let about;
  try {
    await access(path, constants.R_OK);
    about = await stat(path);
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new Error(missing ? 'no such file' : 'permission denied', { cause });
  }
  if (about.isDirectory()) throw new Error('this is a folder');
  if (about.isFile() && about.size === 0) throw new Error('the file is empty');
  return !about.isFile();
}

async function openInTime(path: string, isPipe: boolean, signal: AbortSignal | undefined): Promise<OpenVideo> {
  const giveUp = new AbortController();
  const stop = () => giveUp.abort();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    stop();
  }, openingSeconds * 1000);
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    // A colon in a name is no protocol, and a % in that of a picture no number.
    const options = { libav: 'pattern_type;none', timeoutSeconds: isPipe ? pipeSeconds : 0 };
    return await openVideo(`file:${path}`, options, giveUp.signal);
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    // Its first line is libav's answer, the others what it logged on the way.
    const words = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    const why = late ? tooLate : whyUnreadable(words);
    throw new Error(`cannot read the clip ${path}: ${why}`, { cause: new Error(words) });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

const tooLate = `it cannot be opened within ${openingSeconds} s`;

function whyUnreadable(words: string): string {
  if (words === 'no answer' || words === 'no data') return `nothing was written to this pipe for ${pipeSeconds} s`;
  if (words === 'no video') return 'there is no picture in it';
  return explain(new Error(words), 'not a video that ffmpeg understands, or damaged');
}

/** Cameras and programs that do not know the time write the beginning of their calendar. */
function dateOf(creationTime: string | undefined): number | undefined {
  const at = Date.parse(creationTime ?? '') / 1000;
  return at >= Date.UTC(1990) / 1000 ? at : undefined;
}

/** The clip with every frame given quarter turns clockwise. */
export function turnedClip(clip: Clip, turns: number): Clip {
  const { width, height } = clip;
  return {
    ...clip,
    ...(turns % 2 === 1 ? { width: height, height: width } : {}),
    async read() {
      const frame = await clip.read();
      return frame && { ...frame, picture: turnedPicture(frame.picture, turns) };
    },
  };
}

/** Why there is no more after so many seconds, if that is not the end that the header promises. */
export function whyItBreaksOff(clip: Clip, frames: number, seconds: number): string | undefined {
  if (frames === 0) return 'the clip holds no readable frame';
  // Headers round, and some count a frame or two too many.
  return seconds < clip.seconds * 0.97 - 2 / clip.fps
    ? `the clip breaks off after ${seconds.toFixed(1)} s of ${clip.seconds.toFixed(1)} s`
    : undefined;
}

/** Every decoded frame of the clip in order, as fast as they are asked for; closes the clip at its end. */
export async function* framesOfClip(clip: Clip): AsyncGenerator<ClipFrame, void, undefined> {
  try {
    for (;;) {
      const frame = await clip.read();
      if (frame === undefined) return;
      try {
        yield frame;
      } finally {
        frame.picture.release();
      }
    }
  } finally {
    clip.close();
  }
}
