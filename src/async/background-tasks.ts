/** Tasks that run beside a loop, one at a time and in order. */
export type BackgroundTasks = {
  /**
   * Runs the task after those started before it. Resolves when it begins, not when it ends, so a task must take what it
   * needs from the loop before its first wait. After `finish` the task is not run.
   */
  start(task: () => Promise<void>): Promise<void>;
  /** Accepts no more tasks; resolves when every accepted one has ended, well or not. */
  finish(): Promise<void>;
  /** Rejects with the first error of a task. */
  readonly failed: Promise<never>;
};

/** Makes it with no task running. */
export function createBackgroundTasks(): BackgroundTasks {
  let fail: (cause: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  failed.catch(() => undefined);
  let last = Promise.resolve();
  let finishing = false;
  return {
    start(task) {
      if (finishing) return Promise.resolve();
      const before = last;
      // Chained at once, not after a wait: `finish` must see a task that waits for its turn.
      last = before.then(task).catch(fail);
      return before;
    },
    finish() {
      finishing = true;
      return last;
    },
    failed,
  };
}
