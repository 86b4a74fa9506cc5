import { setMaxListeners } from 'node:events';

/** Something that must be closed. */
export type Closable = { close(): unknown };

/** Open things, in the order in which they were opened. */
export type CloseStack = {
  /** Adds `thing`, to be closed at the end, and returns it. */
  use<T extends Closable>(thing: T): T;
  /** Adds an action for the end. */
  defer(action: () => unknown): void;
  /** Closes everything, the last one first, and waits for each. Continues after an error, then throws it. */
  close(): Promise<void>;
};

/** Makes an empty stack. Closing in reverse order matters: a thing may need those opened before it. */
export function createCloseStack(): CloseStack {
  const actions: (() => unknown)[] = [];
  return {
    use(thing) {
      actions.push(() => thing.close());
      return thing;
    },
    defer(action) {
      actions.push(action);
    },
    async close() {
      const failures: unknown[] = [];
      for (let action = actions.pop(); action !== undefined; action = actions.pop()) {
        try {
          await action();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 1) throw new AggregateError(failures, 'several things could not be closed');
      if (failures.length === 1) throw failures[0];
    },
  };
}

/**
 * Runs work that opens things, until it ends. `stopping` is aborted when `signal` is, by the work itself, or when the work
 * ends; then everything it opened is closed.
 */
export async function withCloseStack(
  signal: AbortSignal,
  work: (opened: CloseStack, stopping: AbortController) => Promise<void>,
): Promise<void> {
  const opened = createCloseStack();
  const stopping = new AbortController();
  // Many parts listen to it. Node warns of a leak if there are more listeners than this.
  setMaxListeners(50, stopping.signal);
  const stop = () => stopping.abort();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    await work(opened, stopping);
  } finally {
    stop();
    await opened.close();
  }
}
