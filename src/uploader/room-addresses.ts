import type { QueuedSnapshot } from '../domain/contract/payloads.js';
import { expiryOf } from '../domain/uploads/record.js';
import { publicUrlOf, signUrl } from '../runtime/signed-url.js';

/**
 * Where the detectors of the rooms are now, as their latest receipts say. A queued snapshot that its detector announces no more,
 * because another uploader has reported it, is found there after the detector has moved or its secret has changed.
 */
export type RoomAddresses = {
  /** Takes note of a receipt whose signature is valid; one that is sent again later teaches nothing. */
  learn(receipt: Pick<QueuedSnapshot, 'room' | 'url'>): void;
  /** The URL to try if the queued one fails, signed with the secret of now; undefined if that cannot help. */
  otherUrl(
    snapshot: Pick<QueuedSnapshot, 'id' | 'room' | 'url'>,
    isForbidden: boolean,
    now: number,
  ): string | undefined;
  /**
   * The URL of the snapshot at another detector, each time at another one: if its own cannot be reached, its room may have a new
   * name and address. A detector that does not know the snapshot cannot end it. Undefined if no other one is known.
   */
  elsewhere(snapshot: Pick<QueuedSnapshot, 'id' | 'url'>, now: number): string | undefined;
};

/** URLs that are made here are used at once, but the detector's clock may differ. */
const urlSeconds = 24 * 3600;

/** @param secret signs the URLs, as the detector does */
export function createRoomAddresses(secret: string): RoomAddresses {
  const rooms = new Map<string, { readonly publicUrl: string; readonly expires: number }>();
  let tried = 0;
  return {
    learn({ room, url }) {
      const expires = expiryOf(url);
      if (expires > (rooms.get(room)?.expires ?? 0)) rooms.set(room, { publicUrl: publicUrlOf(url), expires });
    },
    otherUrl({ id, room, url }, isForbidden, now) {
      const queued = publicUrlOf(url);
      const publicUrl = rooms.get(room)?.publicUrl ?? queued;
      if (publicUrl === queued && !isForbidden) return undefined;
      return signUrl(publicUrl, `${id}.jpg`, secret, now + urlSeconds);
    },
    elsewhere({ id, url }, now) {
      const others = new Set([...rooms.values()].map(({ publicUrl }) => publicUrl));
      others.delete(publicUrlOf(url));
      const publicUrl = [...others][tried % Math.max(1, others.size)];
      tried += 1;
      return publicUrl === undefined ? undefined : signUrl(publicUrl, `${id}.jpg`, secret, now + urlSeconds);
    },
  };
}
