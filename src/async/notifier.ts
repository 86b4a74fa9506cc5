/** Wakes whoever waits for something to do. A ring nobody waits for is not kept: look for work first, then wait. */
export type Bell = {
  ring(): void;
  /** Resolves at the next ring, or once `signal` is aborted. */
  wait(signal: AbortSignal): Promise<void>;
};

/** Makes a bell. */
export function createBell(): Bell {
  const waiting = new Set<() => void>();
  return {
    ring() {
      const woken = [...waiting];
      waiting.clear();
      for (const wake of woken) wake();
    },
    wait(signal) {
      return new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const wake = () => {
          waiting.delete(wake);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        waiting.add(wake);
        signal.addEventListener('abort', wake, { once: true });
      });
    },
  };
}
