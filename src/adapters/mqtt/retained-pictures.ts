import type { Log } from '../../domain/log.js';
import type { ConnectionEnd } from './connection.js';
import type { Current } from './current.js';

/** After more connections in a row than this that end right after a picture, the picture is taken for the cause. */
const endsAllowed = 2;

/**
 * The newest picture of each topic, published again on every connection. A broker of MQTT 5 says how large a packet may
 * be. Another one just ends the connection, and would do so for ever: pictures of that size are then left out.
 */
export function createRetainedPictures(current: Current, log: Pick<Log, 'debug' | 'warn'>) {
  const pictures = new Map<string, Buffer>();
  let maxBytes = Infinity;
  let endsAfterPicture = 0;

  function send(topic: string, jpeg: Buffer): void {
    if (jpeg.length >= maxBytes || current.connection?.sendOnce(topic, jpeg, true) !== false) return;
    log.debug({ topic, bytes: jpeg.length }, 'the picture is larger than the broker accepts');
  }

  return {
    publish(topic: string, jpeg: Buffer): void {
      pictures.set(topic, jpeg);
      send(topic, jpeg);
    },
    republish(): void {
      for (const [topic, jpeg] of pictures) send(topic, jpeg);
    },
    connectionEnded({ doubtfulBytes: bytes }: ConnectionEnd): void {
      endsAfterPicture = bytes === undefined ? 0 : endsAfterPicture + 1;
      if (bytes === undefined || endsAfterPicture <= endsAllowed) return;
      maxBytes = Math.min(maxBytes, bytes);
      log.warn({ bytes }, 'the broker ends the connection after pictures of this size; leaving them out');
    },
  };
}
