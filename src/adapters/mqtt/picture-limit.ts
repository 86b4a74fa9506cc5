import type { ConnectionEnd } from './connection.js';

/** After more connections in a row than this that end right after a picture, the picture is taken for the cause. */
const endsAllowed = 2;

/**
 * How large a picture may be where the broker does not name its limit, but ends the connection with a reason, or just ends it.
 * A limit found that way holds for one connection: the next begins without one, and returns to it at the first such end.
 */
export function createPictureLimit() {
  let endsInARow = 0;
  let maxBytes = Infinity;
  let worked = Infinity;
  return {
    /** for the connection of the moment, or the next one */
    get maxBytes() {
      return maxBytes;
    },
    /**
     * Takes note of a connection that ended.
     * @param bytes size of the picture that the broker had not answered; undefined if there is none
     */
    ended({ tooLarge }: Pick<ConnectionEnd, 'tooLarge'>, bytes: number | undefined): void {
      if (bytes === undefined) {
        endsInARow = 0;
        worked = Math.min(worked, maxBytes);
        maxBytes = Infinity;
        return;
      }
      endsInARow += 1;
      if (bytes > worked) maxBytes = worked;
      else if (tooLarge || endsInARow > endsAllowed || maxBytes < Infinity) maxBytes = Math.floor(bytes / 2);
    },
    /** To be called when the broker has a picture of this size. */
    accepted(bytes: number): void {
      if (bytes > worked) worked = Infinity;
    },
  };
}
