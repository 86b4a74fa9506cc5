import { openCv } from './binding.js';
import { forgetLoadingOnce } from './memory.js';

/**
 * Waits for a video that is being opened beside the event loop, or for the signal; what comes too late is let go. From the
 * first one on, the process does the same over and over, so what only loading took is given back.
 */
export async function opened<Video>(
  opening: Promise<Video>,
  letGo: (video: Video) => void,
  signal: AbortSignal | undefined,
): Promise<Video> {
  const video = await (signal === undefined ? opening : abandonable(opening, letGo, signal));
  forgetLoadingOnce();
  return video;
}

function abandonable<Video>(opening: Promise<Video>, letGo: (video: Video) => void, signal: AbortSignal) {
  return new Promise<Video>((resolve, reject) => {
    const giveUp = () => {
      doNotWaitAtExit();
      reject(new Error('stopped'));
    };
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    opening
      .then((video) => (signal.aborted ? letGo(video) : resolve(video)), reject)
      .finally(() => signal.removeEventListener('abort', giveUp));
  });
}

let hurried = false;
/** Node waits at its end for the threads of its pool; one that waits for a camera must not hold up a clean stop. */
export function doNotWaitAtExit(): void {
  if (hurried) return;
  hurried = true;
  process.once('exit', (status) => openCv().VideoCapture.endProcess(status));
}
