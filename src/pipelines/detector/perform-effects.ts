import type { Message } from '../../domain/contract/messages.js';
import { effectMessage } from '../../domain/contract/messages.js';
import type { Effect, SnapshotOrder } from '../../domain/room/state.js';
import type { RoomTopics } from '../../domain/contract/topics.js';

type Needs<Image> = {
  topics: RoomTopics;
  /** Hands a message over; never waits for the broker. */
  publish(message: Message): void;
  /**
   * Takes the picture before it resolves; makes it durable and has its receipt sent, perhaps later. Trouble with the disk is
   * its own to tell.
   */
  takeSnapshot(order: SnapshotOrder, image: Image): Promise<void>;
};

/** Performs what a room's step asks for, in order. */
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
