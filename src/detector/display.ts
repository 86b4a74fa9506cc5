import { annotate } from '../adapters/opencv/annotate.js';
import type { Picture } from '../adapters/opencv/picture.js';
import { openWindow, type Window } from '../adapters/opencv/window.js';
import { tutorialTime } from '../domain/snapshots/tutorial-time.js';
import type { Observation } from '../domain/room/observation.js';
import { localSeconds } from '../runtime/local-time.js';
import type { Log } from '../runtime/log.js';

/** The window with the annotated video. */
export type Display = { show(picture: Picture, observation: Observation): void; close(): void };

/**
 * Opens the window; `q` in it, or closing it, calls `quit`. Without a screen it logs a warning and returns undefined: the room
 * is watched all the same.
 */
export function openDisplay(log: Pick<Log, 'warn'>, quit: () => void): Display | undefined {
  let window: Window;
  try {
    window = openWindow();
  } catch (error) {
    log.warn({ why: (error as Error).message }, 'display is set, but no window can be opened; continuing without one');
    return undefined;
  }
  return {
    show(picture, { at, judgement, room }) {
      const drawn = annotate(picture, {
        regions: judgement?.regions ?? [],
        occupied: room.published.status === 'occupied',
        time: tutorialTime(localSeconds(at)),
      });
      if (window.show(drawn)) quit();
      drawn.release();
    },
    close: () => window.close(),
  };
}
