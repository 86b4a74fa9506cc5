import { setMaxListeners } from 'node:events';

/** What has to be closed when done with. */
export type Closable = { close(): unknown };

/** Things open, in order. */
export type CloseStack = {
  /** Takes charge of closing `thing`, and gives it back. */
  use<T extends Closable>(thing: T): T;
  /** Remembers something to do at the end. */
  defer(action: () => unknown): void;
  /** Closes everything, the last one first, waiting for each; what fails keeps nothing else from being closed. */
  close(): Promise<void>;
};

/** Open in order, close in reverse: what was opened later may still need what was opened before. */
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
 * Does work that opens things and stops when `signal` is aborted or the work itself aborts `stopping`; what it opened is
 * closed when it ends, however it ends.
 */
export async function withCloseStack(
  signal: AbortSignal,
  work: (opened: CloseStack, stopping: AbortController) => Promise<void>,
): Promise<void> {
  const opened = createCloseStack();
  const stopping = new AbortController();
  // Everything under way listens; many more than that would be a leak, of which Node warns.
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
