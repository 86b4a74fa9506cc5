import { createHash } from 'node:crypto';
import { annotate } from '../adapters/opencv/annotate.js';
import { encodeJpeg } from '../adapters/opencv/jpeg.js';
import type { Picture } from '../adapters/opencv/picture.js';
import { toInstant, type SnapshotReceipt } from '../domain/contract/payloads.js';
import type { SnapshotOrder } from '../domain/room/state.js';

/** A snapshot ready to be kept, and the receipt to send once it is. */
export type NewSnapshot = { readonly jpeg: Buffer; readonly receipt: SnapshotReceipt };

/** What a room's snapshots have in common. */
export type SnapshotContext = {
  readonly room: string;
  /** the whole signed URL of a file such as `snapshots/<id>.jpg` */
  readonly urlFor: (file: string, at: number) => string;
  /** the time as it is written on the picture */
  readonly timeOn: (at: number) => string;
};

/**
 * Draws on a copy of the picture, encodes it beside the event loop and writes its receipt. The picture itself is needed no more
 * once this has returned its promise.
 */
export async function makeSnapshot(
  order: SnapshotOrder,
  picture: Picture,
  { room, urlFor, timeOn }: SnapshotContext,
): Promise<NewSnapshot> {
  const drawn = annotate(picture, {
    regions: order.regions,
    occupied: order.occupied,
    time: timeOn(order.at),
  });
  try {
    const jpeg = await encodeJpeg(drawn);
    const receipt: SnapshotReceipt = {
      id: order.id,
      room,
      visit: order.visit,
      reason: order.reason,
      taken_at: toInstant(order.at),
      url: urlFor(`snapshots/${order.id}.jpg`, order.at),
      bytes: jpeg.length,
      sha256: createHash('sha256').update(jpeg).digest('hex'),
      width: picture.width,
      height: picture.height,
      regions: [...order.regions],
    };
    return { jpeg, receipt };
  } finally {
    drawn.release();
  }
}
