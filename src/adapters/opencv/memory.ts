import { loadedOpenCv, openCv } from './binding.js';

let forgotten = false;

/** What only loading took is given back; to be called when a video is open, since opening the first one loads more. */
export function forgetLoadingOnce(): void {
  if (forgotten) return;
  forgotten = true;
  openCv().VideoCapture.forgetLoading();
}

/**
 * To be called now and then: pages in which nothing lies any more go back to the system. Where OpenCV was loaded for a camera
 * that it does not open itself, what loading took goes too; where it was not loaded, nothing happens.
 */
export function giveBackMemory(): void {
  const cv = loadedOpenCv();
  if (cv === undefined) return;
  forgetLoadingOnce();
  cv.giveBackMemory();
}
