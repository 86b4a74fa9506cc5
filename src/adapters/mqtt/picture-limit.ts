import type { Log } from '../../domain/log.js';
import type { LinkEnd } from './connection.js';

/** So many connections in a row that end right after a picture are the picture's fault. */
const strikesAllowed = 2;

/**
 * Learns how large a picture a broker lives through. One of MQTT 5 says it; another just ends the connection, and would
 * again and again with a picture that is said on every connection.
 */
export function createPictureLimit(log: Pick<Log, 'warn'>) {
  let limit = Infinity;
  let strikes = 0;
  return {
    allows: (bytes: number): boolean => bytes < limit,
    ended({ doubtfulBytes }: LinkEnd): void {
      strikes = doubtfulBytes === undefined ? 0 : strikes + 1;
      if (doubtfulBytes === undefined || strikes <= strikesAllowed) return;
      limit = Math.min(limit, doubtfulBytes);
      log.warn(
        { bytes: doubtfulBytes },
        'the broker ends the connection after pictures of this size; leaving them out',
      );
    },
  };
}
