import type { LevelledPicture } from './levelled-picture.js';
import { createLevelledPicture } from './levelled-picture.js';

type DatedPicture = { at: number; readonly picture: LevelledPicture };

/** The last `count` pictures, in buffers that are used in turn. */
export function createRecentPictures(size: number, count: number) {
  const ring: DatedPicture[] = Array.from({ length: count }, () => ({
    at: -Infinity,
    picture: createLevelledPicture(size),
  }));
  let newest = 0;
  return {
    /** The buffer for the picture of this frame; it replaces the oldest one. */
    next(at: number): LevelledPicture {
      newest = (newest + 1) % count;
      const dated = ring[newest]!;
      dated.at = at;
      return dated.picture;
    },
    newest(): LevelledPicture {
      return ring[newest]!.picture;
    },
    previous(): LevelledPicture {
      return ring[(newest + count - 1) % count]!.picture;
    },
    /** The newest picture that is at least `minSeconds` and at most `maxSeconds` older than `at`. */
    older(at: number, minSeconds: number, maxSeconds: number): LevelledPicture | undefined {
      for (let back = 1; back < count; back++) {
        const dated = ring[(newest + count - back) % count]!;
        if (at - dated.at >= minSeconds) return at - dated.at <= maxSeconds ? dated.picture : undefined;
      }
      return undefined;
    },
  };
}
