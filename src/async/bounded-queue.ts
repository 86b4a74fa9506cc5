/** A queue between one producer and one consumer. The iteration ends once the queue is closed and empty. */
export type BoundedQueue<Item> = AsyncIterable<Item> & { put(item: Item): void; close(): void };

/**
 * @param limit largest number of waiting items; one more drops the oldest, so that a flood costs no memory
 * @param replaces if true for a waiting item and a new one, the new one takes its place
 */
export function createBoundedQueue<Item>(
  limit = 100,
  replaces: (waiting: Item, item: Item) => boolean = () => false,
): BoundedQueue<Item> {
  const waiting: Item[] = [];
  let wake: (() => void) | undefined;
  let closed = false;
  const wakeConsumer = () => {
    wake?.();
    wake = undefined;
  };
  return {
    put(item) {
      const same = waiting.findIndex((one) => replaces(one, item));
      if (same >= 0) waiting[same] = item;
      else waiting.push(item);
      if (waiting.length > limit) waiting.shift();
      wakeConsumer();
    },
    close() {
      closed = true;
      wakeConsumer();
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        while (waiting.length > 0) yield waiting.shift()!;
        if (closed) return;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}
