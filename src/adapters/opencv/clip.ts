import { access, constants } from 'node:fs/promises';
import { explain } from '../libav/video.js';
import type { Picture } from './picture.js';
import { turnedPicture } from './turned-picture.js';
import { openVideo, type OpenVideo } from './video.js';

/** Frames a second of a clip that does not say. */
const assumedFps = 25;
/** Headers of damaged files and of streams in a file promise any rate. */
const greatestFps = 240;

/** A recorded clip, opened. */
export type Clip = {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** As the header says, an estimate for some formats; 0 where it says nothing. */
  readonly frameCount: number;
  /** Decodes the next frame, undefined at the end; to be released before the next is read. */
  read(): Promise<Picture | undefined>;
  close(): void;
};

/** One decoded frame; the picture is on loan until the next is asked for. */
export type ClipFrame = {
  /** From 0, every decoded frame counts. */
  readonly frame: number;
  /** `frame / fps`: the clip's own time. */
  readonly atSeconds: number;
  readonly picture: Picture;
};

/** Opens a clip; throws an Error that names the file and the reason where it cannot be read. */
export async function openClip(path: string): Promise<Clip> {
  try {
    await access(path, constants.R_OK);
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new Error(`cannot read the clip ${path}: ${missing ? 'no such file' : 'permission denied'}`, { cause });
  }
  let video: OpenVideo;
  try {
    video = await openVideo(path, {});
  } catch (cause) {
    const why = explain(cause, 'not a video that ffmpeg understands, or damaged');
    throw new Error(`cannot read the clip ${path}: ${why}`, { cause });
  }
  return {
    width: video.width,
    height: video.height,
    fps: video.fps > 0 && video.fps <= greatestFps ? video.fps : assumedFps,
    frameCount: Math.round(video.frameCount),
    read: async () => ((await video.grab()) ? video.take() : undefined),
    close: () => video.close(),
  };
}

/** The clip with every frame given quarter turns clockwise. */
export function turnedClip(clip: Clip, turns: number): Clip {
  const { width, height } = clip;
  return {
    ...clip,
    ...(turns % 2 === 1 ? { width: height, height: width } : {}),
    async read() {
      const picture = await clip.read();
      return picture && turnedPicture(picture, turns);
    },
  };
}

/** Every decoded frame of the clip in order, as fast as they are asked for; closes the clip at its end. */
export async function* framesOfClip(clip: Clip): AsyncGenerator<ClipFrame, void, undefined> {
  try {
    for (let frame = 0; ; frame++) {
      const picture = await clip.read();
      if (picture === undefined) return;
      try {
        yield { frame, atSeconds: frame / clip.fps, picture };
      } finally {
        picture.release();
      }
    }
  } finally {
    clip.close();
  }
}
