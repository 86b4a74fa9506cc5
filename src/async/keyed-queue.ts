import { createBell } from './notifier.js';

/** Keys that wait for their turn, first come first served; a key stands in the line once. */
export type WaitingLine = {
  add(key: string): void;
  remove(key: string): void;
  has(key: string): boolean;
  readonly size: number;
  /**
   * Gives every key once for each time it joins, and waits for more until `signal` is aborted. A key stays counted in
   * the line until `remove`, so `size` is what is still owed.
   */
  follow(signal: AbortSignal): AsyncIterable<string>;
};

/** Makes an empty line. */
export function createWaitingLine(): WaitingLine {
  const owed = new Set<string>();
  let untaken: string[] = [];
  const bell = createBell();
  return {
    add(key) {
      if (owed.has(key)) return;
      owed.add(key);
      untaken.push(key);
      bell.ring();
    },
    remove(key) {
      owed.delete(key);
    },
    has: (key) => owed.has(key),
    get size() {
      return owed.size;
    },
    async *follow(signal) {
      while (!signal.aborted) {
        const taken = untaken;
        untaken = [];
        for (const key of taken) {
          if (signal.aborted) return;
          if (owed.has(key)) yield key;
        }
        if (untaken.length === 0) await bell.wait(signal);
      }
    },
  };
}
