import type { Log } from '../../domain/log.js';
import type { ConnectionEnd } from './connection.js';
import type { Current } from './current.js';
import { createPictureLimit } from './picture-limit.js';

/** A picture to be retained. */
export type RetainedPicture = {
  readonly jpeg: Buffer;
  /** Makes a smaller copy that is at most so large; undefined if that is impossible. */
  smaller(maxBytes: number): Promise<Buffer | undefined>;
};

/**
 * The newest picture of each topic, published again on every connection. Where the broker does not take one of its size, a
 * smaller copy is published; if there is none, the retained picture is removed, for it would be an old one.
 */
export function createRetainedPictures(current: Current, log: Pick<Log, 'warn'>) {
  const pictures = new Map<string, { readonly picture: RetainedPicture; copy: Buffer }>();
  const limit = createPictureLimit();
  let told = false;

  async function send(topic: string): Promise<void> {
    const { connection } = current;
    const newest = pictures.get(topic);
    if (connection === undefined || newest === undefined) return;
    const { jpeg } = newest.picture;
    const maxBytes = Math.min(connection.maxPayload(topic), limit.maxBytes);
    if (jpeg.length > maxBytes && (newest.copy.length > maxBytes || newest.copy.length === 0)) {
      if (!told) log.warn({ topic, bytes: jpeg.length, maxBytes }, 'the broker takes no picture of this size: publishing smaller copies'); // prettier-ignore
      told = true;
      newest.copy = (await newest.picture.smaller(maxBytes).catch(() => undefined)) ?? Buffer.alloc(0);
      if (current.connection !== connection || pictures.get(topic) !== newest) return;
    }
    const payload = jpeg.length > maxBytes ? newest.copy : jpeg;
    connection.sendOnce(topic, payload, true, () => limit.accepted(payload.length));
  }

  return {
    publish(topic: string, picture: RetainedPicture): void {
      pictures.set(topic, { picture, copy: Buffer.alloc(0) });
      void send(topic);
    },
    republish(): void {
      for (const topic of pictures.keys()) void send(topic);
    },
    connectionEnded(end: ConnectionEnd): void {
      limit.ended(end, end.unanswered.find(({ topic }) => pictures.has(topic))?.bytes);
    },
  };
}
