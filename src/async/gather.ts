/** Merges values that come in a burst. */
export type Gatherer<Value> = {
  /** Resolves when the value has been worked on, or has been merged with others that wait: a burst waits for nothing. */
  add(value: Value): Promise<void>;
  /** Works on what waits, and resolves when that has ended; to be called at the end. */
  finish(): Promise<void>;
};

/**
 * Works on the first value at once, and on those that come within `seconds` afterwards, merged into one.
 * @param work gets the number of values that were merged, too; must not reject
 */
export function gather<Value>(
  seconds: number,
  merge: (earlier: Value, later: Value) => Value,
  work: (value: Value, count: number) => Promise<void> | void,
): Gatherer<Value> {
  let waiting: { readonly value: Value; readonly count: number } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> | undefined;

  function workOnWaiting(): Promise<void> {
    timer = undefined;
    if (waiting === undefined) return Promise.resolve();
    const { value, count } = waiting;
    waiting = undefined;
    working = Promise.resolve(work(value, count)).then(() => {
      working = undefined;
      timer = setTimeout(() => void workOnWaiting(), seconds * 1000).unref();
    });
    return working;
  }

  return {
    add(value) {
      waiting =
        waiting === undefined ? { value, count: 1 } : { value: merge(waiting.value, value), count: waiting.count + 1 };
      return timer === undefined && working === undefined ? workOnWaiting() : Promise.resolve();
    },
    async finish() {
      await working;
      clearTimeout(timer);
      await workOnWaiting();
      clearTimeout(timer);
    },
  };
}
