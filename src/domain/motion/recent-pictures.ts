import type { Picture } from './levelled-picture.js';
import { createPicture } from './levelled-picture.js';

type Dated = { at: number; readonly picture: Picture };

/** The last few pictures, in buffers used in turn. */
export function createRecentPictures(size: number, count: number) {
  const ring: Dated[] = Array.from({ length: count }, () => ({ at: -Infinity, picture: createPicture(size) }));
  let newest = 0;
  return {
    /** The buffer for the picture of this moment; the oldest is given up for it. */
    next(at: number): Picture {
      newest = (newest + 1) % count;
      const dated = ring[newest]!;
      dated.at = at;
      return dated.picture;
    },
    before(): Picture {
      return ring[(newest + count - 1) % count]!.picture;
    },
    /** The youngest picture at least `least` and at most `most` seconds older than `at`. */
    older(at: number, least: number, most: number): Picture | undefined {
      for (let back = 1; back < count; back++) {
        const dated = ring[(newest + count - back) % count]!;
        if (at - dated.at >= least) return at - dated.at <= most ? dated.picture : undefined;
      }
      return undefined;
    },
  };
}
