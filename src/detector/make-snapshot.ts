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
  /** A finer picture of a moment, where there is one; it is released here. */
  readonly finePictureAt?: ((at: number) => Promise<Picture | undefined>) | undefined;
};

/**
 * Annotates a copy of the picture, or the finer one of the same moment, encodes it as JPEG in a thread of its own and describes
 * it, also in the file. The picture may be released as soon as this has returned its promise.
 */
export async function makeSnapshot(
  order: SnapshotOrder,
  picture: Picture,
  { room, timeOn, finePictureAt }: SnapshotContext,
): Promise<NewSnapshot> {
  const { regions, occupied, at } = order;
  const annotation = { regions, occupied, time: timeOn(at) };
  let drawn = annotate(picture, annotation);
  try {
    const fine = await finePictureAt?.(at);
    if (fine !== undefined) {
      drawn.release();
      try {
        drawn = annotate(fine, annotation);
      } finally {
        fine.release();
      }
    }
    const about = {
      id: order.id,
      room,
      visit: order.visit,
      reason: order.reason,
      taken_at: toInstant(order.at),
      width: drawn.cols,
      height: drawn.rows,
      regions: [...order.regions],
    };
    const jpeg = withFacts(await encodeJpeg(drawn), about);
    return { jpeg, facts: { ...about, bytes: jpeg.length, sha256: hash('sha256', jpeg) } };
  } finally {
    drawn.release();
  }
}
