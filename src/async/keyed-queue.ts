import { createNotifier } from './notifier.js';

/** A queue of keys, first in, first out, that holds each key only once. */
export type KeyedQueue = {
  /** Adds a key to the end; a key that is still pending keeps its place. */
  add(key: string): void;
  /** Marks a key as done. */
  remove(key: string): void;
  has(key: string): boolean;
  /** number of pending keys: those added and not yet removed, whether `follow` has given them or not */
  readonly size: number;
  /** Gives each pending key once, in order, and waits for more until `signal` is aborted. */
  follow(signal: AbortSignal): AsyncIterable<string>;
};

/** Makes an empty queue. */
export function createKeyedQueue(): KeyedQueue {
  const pending = new Set<string>();
  const notGiven = new Set<string>();
  const added = createNotifier();
  return {
    add(key) {
      if (pending.has(key)) return;
      pending.add(key);
      notGiven.add(key);
      added.notify();
    },
    remove(key) {
      pending.delete(key);
      notGiven.delete(key);
    },
    has: (key) => pending.has(key),
    get size() {
      return pending.size;
    },
    async *follow(signal) {
      while (!signal.aborted) {
        for (const key of notGiven) {
          if (signal.aborted) return;
          notGiven.delete(key);
          yield key;
        }
        if (notGiven.size === 0) await added.wait(signal);
      }
    },
  };
}
