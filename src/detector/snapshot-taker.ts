import type { Picture } from '../adapters/opencv/picture.js';
import type { SnapshotOrder } from '../domain/room/state.js';
import type { SnapshotNeeds } from '../pipelines/detector/perform-effects.js';
import { makeSnapshot, type NewSnapshot, type SnapshotContext } from './make-snapshot.js';

type Needs = SnapshotContext & {
  /** Runs tasks one at a time, in order; resolves when the task begins. */
  start(task: () => Promise<void>): Promise<void>;
  store(snapshot: NewSnapshot, order: SnapshotOrder): Promise<void>;
};

/** Makes snapshots of pictures. At most one is held in memory: the first frame of a visit that has no snapshot yet. */
export function createSnapshotTaker({ start, store, ...context }: Needs): SnapshotNeeds<Picture> {
  let held: NewSnapshot | undefined;
  return {
    take: (order, picture) =>
      start(async () => {
        held = undefined;
        await store(await makeSnapshot(order, picture, context), order);
      }),
    hold: (order, picture) =>
      start(async () => {
        held = await makeSnapshot(order, picture, context);
      }),
    keepHeld: (order) =>
      start(async () => {
        const snapshot = held;
        held = undefined;
        if (snapshot?.facts.id === order.id) await store(snapshot, order);
      }),
  };
}
