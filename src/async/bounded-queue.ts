/** A queue between one producer and one consumer. The iteration ends once the queue is closed and empty. */
export type BoundedQueue<Item> = AsyncIterable<Item> & { put(item: Item): void; close(): void };

/** @param limit largest number of waiting items; one more drops the oldest, so that a flood costs no memory */
export function createBoundedQueue<Item>(limit = 100): BoundedQueue<Item> {
  const waiting: Item[] = [];
  let wake: (() => void) | undefined;
  let closed = false;
  const wakeConsumer = () => {
    wake?.();
    wake = undefined;
  };
  return {
    put(item) {
      if (waiting.length >= limit) waiting.shift();
      waiting.push(item);
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
