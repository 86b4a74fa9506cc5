/** Wakes everyone waiting for work. A notification without a waiter is not kept: look for work first, then wait. */
export type Notifier = {
  notify(): void;
  /** Resolves at the next notification, or as soon as `signal` is aborted. */
  wait(signal: AbortSignal): Promise<void>;
};

/** Makes a notifier without waiters. */
export function createNotifier(): Notifier {
  const waiters = new Set<() => void>();
  return {
    notify() {
      const woken = [...waiters];
      waiters.clear();
      for (const wake of woken) wake();
    },
    wait(signal) {
      return new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const wake = () => {
          waiters.delete(wake);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        waiters.add(wake);
        signal.addEventListener('abort', wake, { once: true });
      });
    },
  };
}

/** Waits for the next notification, at most so many seconds; resolves early once `signal` is aborted. */
export async function waitAtMost(notifier: Notifier, seconds: number, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const end = () => over.abort();
  const timer = setTimeout(end, seconds * 1000);
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  await notifier.wait(over.signal);
  clearTimeout(timer);
  signal.removeEventListener('abort', end);
}
