import type { LevelledPicture } from './levelled-picture.js';
import { createLevelledPicture } from './levelled-picture.js';
import { differingShare } from './view.js';

/** With less foreground than this (share of the frame), the camera still shows what it did. */
const MIN_FOREGROUND = 0.04;
/**
 * The view is another from this share of differing cells on, and the known one again below this share. In the labelled clips
 * people reach 0.31, in films of a turned or knocked camera it is 0.9 and more.
 */
const DIFFERING = { away: 0.85, back: 0.5 };
/** The camera has come to rest if no more than this share differs from a picture about a second older. */
const AT_REST = 0.25;
/** It has been away for this long by then. */
const MIN_SECONDS = 0.8;
/** A camera that never rests, or a picture that cannot be compared: what it shows by now is learned all the same. */
const MAX_SECONDS = 20;
/** The background is read anew after this time, as long as the view is known. */
const REFRESH_SECONDS = 5;

/** What the camera shows: the known view; another one while the camera moves; or another one, at rest. */
export type View = 'known' | 'moving' | 'another';

/**
 * Tells a camera that is turned, knocked or moved to another preset from everything that moves in front of it: then nearly
 * all of the picture differs from the background in its texture, which neither a lamp nor a person does.
 * @param writeBackground writes the background of the known view
 */
export function createViewWatcher(width: number, height: number, writeBackground: (into: LevelledPicture) => void) {
  const background = createLevelledPicture(width * height);
  let readAt = -Infinity;
  let awaySince: number | undefined;

  function differs(picture: LevelledPicture, at: number): number {
    if (awaySince === undefined && at - readAt > REFRESH_SECONDS) {
      writeBackground(background);
      readAt = at;
    }
    return differingShare(picture, background, width, height);
  }

  return {
    /** @param older a picture about a second older, if there is one; @param foreground its share of the frame */
    watch(picture: LevelledPicture, older: LevelledPicture | undefined, foreground: number, at: number): View {
      if (awaySince === undefined && foreground < MIN_FOREGROUND) return 'known';
      const share = differs(picture, at);
      if (share < (awaySince === undefined ? DIFFERING.away : DIFFERING.back)) {
        awaySince = undefined;
        return 'known';
      }
      awaySince ??= at;
      const rests = older !== undefined && differingShare(picture, older, width, height) < AT_REST;
      return (rests && at - awaySince >= MIN_SECONDS) || at - awaySince > MAX_SECONDS ? 'another' : 'moving';
    },
    /** Whether a picture shows the known view. */
    shows(picture: LevelledPicture): boolean {
      writeBackground(background);
      readAt = -Infinity;
      return differingShare(picture, background, width, height) < DIFFERING.back;
    },
  };
}
