import { annotate } from './adapters/opencv-annotate.js';
import type { Picture } from './adapters/opencv-picture.js';
import { openWindow } from './adapters/opencv-window.js';
import { tutorialTime } from './domain/tutorial-time.js';
import type { Observation } from './pipelines/watch-room.js';
import { localSeconds } from './runtime/local-time.js';

/** The annotated video in a window; `q` in it, or closing it, aborts `stopping`. */
export function openDisplay(stopping: AbortController) {
  const window = openWindow();
  return {
    show(picture: Picture, { at, judgement, room }: Observation) {
      const drawn = annotate(picture, {
        regions: judgement?.regions ?? [],
        occupied: room.said.status === 'occupied',
        time: tutorialTime(localSeconds(at)),
      });
      if (window.show(drawn)) stopping.abort();
      drawn.release();
    },
    close: () => window.close(),
  };
}
