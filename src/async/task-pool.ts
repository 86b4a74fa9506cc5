/** Tasks that run beside each other, a limited number at a time. */
export type TaskPool = {
  /** Begins a task at once; resolves when another one may begin. */
  start(task: () => Promise<void>): Promise<void>;
};

/** @param limit largest number of tasks at a time; tasks must not reject */
export function createTaskPool(limit: number): TaskPool {
  const running = new Set<Promise<void>>();
  return {
    async start(task) {
      const ended: Promise<void> = task().finally(() => running.delete(ended));
      running.add(ended);
      if (running.size >= limit) await Promise.race(running);
    },
  };
}
