/** A queue that one side fills and another pulls from; it ends when it is closed. */
export type Inbox<Item> = AsyncIterable<Item> & { put(item: Item): void; close(): void };

/** @param limit beyond so many waiting items the oldest is dropped: nobody who floods it costs memory */
export function createInbox<Item>(limit = 100): Inbox<Item> {
  const waiting: Item[] = [];
  let wake: (() => void) | undefined;
  let closed = false;
  const stir = () => {
    wake?.();
    wake = undefined;
  };
  return {
    put(item) {
      if (waiting.length >= limit) waiting.shift();
      waiting.push(item);
      stir();
    },
    close() {
      closed = true;
      stir();
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
