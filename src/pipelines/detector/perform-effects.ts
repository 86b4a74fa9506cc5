import type { Message } from '../../domain/contract/messages.js';
import { effectMessage } from '../../domain/contract/messages.js';
import type { Effect, SnapshotOrder } from '../../domain/room/state.js';
import type { RoomTopics } from '../../domain/contract/topics.js';

type Needs<Image> = {
  topics: RoomTopics;
  /** Publishes a message; never waits for the broker. */
  publish(message: Message): void;
  /**
   * Copies what it needs of the image before it resolves; stores the snapshot and sends its receipt, perhaps later. Reports
   * disk errors itself.
   */
  takeSnapshot(order: SnapshotOrder, image: Image): Promise<void>;
};

/** Performs the effects of one step, in order. */
export async function performEffects<Image>(
  effects: readonly Effect[],
  image: Image | undefined,
  needs: Needs<Image>,
): Promise<void> {
  for (const effect of effects) {
    if (effect.kind !== 'snapshot') needs.publish(effectMessage(effect, needs.topics));
    else if (image !== undefined) await needs.takeSnapshot(effect.order, image);
  }
}
