import type { RetainedPicture } from '../adapters/mqtt/retained-pictures.js';
import { smallerJpeg } from '../adapters/opencv/smaller-jpeg.js';
import type { NewSnapshot } from './make-snapshot.js';
import type { SnapshotStore } from './snapshot-store.js';

/** A stored snapshot as the newest picture at the broker; a smaller copy is made from its file. */
export function retainedPicture({ jpeg, facts }: NewSnapshot, store: Pick<SnapshotStore, 'find'>): RetainedPicture {
  return {
    jpeg,
    async smaller(maxBytes) {
      const found = await store.find(facts.id);
      return typeof found === 'string' ? undefined : smallerJpeg(found.path, maxBytes);
    },
  };
}
