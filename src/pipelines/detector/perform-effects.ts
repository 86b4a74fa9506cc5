import type { Message } from '../../domain/contract/messages.js';
import { effectMessage } from '../../domain/contract/messages.js';
import type { Effect, SnapshotOrder } from '../../domain/room/state.js';
import type { RoomTopics } from '../../domain/contract/topics.js';

/** What takes snapshots; see `createSnapshotTaker`. Reports disk errors itself. */
export type SnapshotNeeds<Image> = {
  /**
   * Copies what it needs of the image before it resolves; stores the snapshot and sends its receipt, perhaps later.
   */
  take(order: SnapshotOrder, image: Image): Promise<void>;
  /** Copies the image as `take` does, and holds the snapshot until another is taken or held. */
  hold(order: SnapshotOrder, image: Image): Promise<void>;
  /** Stores the snapshot that is held under this order. */
  keepHeld(order: SnapshotOrder): Promise<void>;
};

type Needs<Image> = {
  topics: RoomTopics;
  /** Publishes a message; never waits for the broker. */
  publish(message: Message): void;
  snapshots: SnapshotNeeds<Image>;
};

/** Performs the effects of one step, in order. */
export async function performEffects<Image>(
  effects: readonly Effect[],
  image: Image | undefined,
  { topics, publish, snapshots }: Needs<Image>,
): Promise<void> {
  for (const effect of effects) {
    if (effect.kind === 'keep_held_snapshot') await snapshots.keepHeld(effect.order);
    else if (effect.kind === 'snapshot' || effect.kind === 'hold_snapshot') {
      if (image !== undefined) await snapshots[effect.kind === 'snapshot' ? 'take' : 'hold'](effect.order, image);
    } else publish(effectMessage(effect, topics));
  }
}
