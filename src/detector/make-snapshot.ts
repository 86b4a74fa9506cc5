import { hash } from 'node:crypto';
import { withFacts } from '../adapters/files/picture-facts.js';
import { annotate } from '../adapters/opencv/annotate.js';
import { encodeJpeg } from '../adapters/opencv/jpeg.js';
import type { Picture } from '../adapters/opencv/picture.js';
import { toInstant, type SnapshotFacts } from '../domain/contract/payloads.js';
import type { SnapshotOrder } from '../domain/room/state.js';

/** A snapshot that is not stored yet, and what its receipt will say once it is. */
export type NewSnapshot = { readonly jpeg: Buffer; readonly facts: SnapshotFacts };

/** What all snapshots of a room have in common. */
export type SnapshotContext = {
  readonly room: string;
  /** the text of a time on the picture */
  readonly timeOn: (at: number) => string;
};

/**
 * Annotates a copy of the picture, encodes it as JPEG in a thread of its own and describes it, also in the file. The picture may be released
 * as soon as this has returned its promise.
 */
export async function makeSnapshot(
  order: SnapshotOrder,
  picture: Picture,
  { room, timeOn }: SnapshotContext,
): Promise<NewSnapshot> {
  const drawn = annotate(picture, {
    regions: order.regions,
    occupied: order.occupied,
    time: timeOn(order.at),
  });
  try {
    const about = {
      id: order.id,
      room,
      visit: order.visit,
      reason: order.reason,
      taken_at: toInstant(order.at),
      width: picture.width,
      height: picture.height,
      regions: [...order.regions],
    };
    const jpeg = withFacts(await encodeJpeg(drawn), about);
    return { jpeg, facts: { ...about, bytes: jpeg.length, sha256: hash('sha256', jpeg) } };
  } finally {
    drawn.release();
  }
}
