import { closeSync, openSync } from 'node:fs';
import { openFullOpenCv, promised, type Mat } from './binding.js';

/** A video being written. */
export type VideoFile = {
  /** Appends one frame (8UC3, of the file's size), beside the event loop. */
  write(image: Mat): Promise<void>;
  /** Finishes the file; without it, it cannot be played. Not to be called while a write is under way. */
  close(): void;
};

/** MPEG-4 part 2: what ffmpeg writes everywhere without the encoders some builds leave out. */
const fourcc = [...'mp4v'].reduce((code, letter, place) => code | (letter.charCodeAt(0) << (8 * place)), 0);

/** Begins an MP4 file. Throws an Error where it cannot be written. OpenCV has to be in its full form (`openFullOpenCv`). */
export function openVideoFile(path: string, fps: number, width: number, height: number): VideoFile {
  const cv = openFullOpenCv();
  // OpenCV does not say when it cannot write.
  closeSync(openSync(path, 'w'));
  const writer = new cv.VideoWriter(path, fourcc, fps, new cv.Size(width, height));
  return {
    async write(image) {
      await promised<undefined>((done) => writer.writeAsync(image, done));
    },
    close: () => writer.release(),
  };
}
