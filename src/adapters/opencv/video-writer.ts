import { closeSync, openSync } from 'node:fs';
import { openFullOpenCv, promised, type Mat } from './binding.js';

/** A video being written. */
export type VideoFile = {
  /**
   * Appends a frame (8UC3; another size is made the file's) that is shown from this second on, beside the event loop. The
   * file has an even rate: the frame before is repeated up to then, and of several within one period only the first is written.
   */
  write(image: Mat, atSeconds: number): Promise<void>;
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
  let written = 0;
  let last: Mat | undefined;
  const append = (image: Mat) => promised<undefined>((done) => writer.writeAsync(image, done));
  return {
    async write(image, atSeconds) {
      const place = Math.round(atSeconds * fps);
      for (; last !== undefined && written < place; written++) await append(last);
      if (written > place) return;
      last?.release();
      last = image.cols === width && image.rows === height ? image.copy() : image.resize(height, width);
      await append(last);
      written++;
    },
    close() {
      last?.release();
      writer.release();
    },
  };
}
